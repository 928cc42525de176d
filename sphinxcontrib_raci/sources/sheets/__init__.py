"""Sheets of cells, CSV and XLSX, to a page of tables."""
