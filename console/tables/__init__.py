"""The pages of tables that administrators keep: lists, forms of one row, files for spreadsheets."""
