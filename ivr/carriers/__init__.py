"""Who brings a call: one folder a carrier; no vendor name or code outside its own folder."""
