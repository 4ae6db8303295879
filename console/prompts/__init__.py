"""The pages on which prompts and phrases are edited, published and gone back to: `/admin/prompts`."""
