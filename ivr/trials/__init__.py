"""Drafts are tried: by calls that practise on a store of their own, and by whole conversations that are played."""
