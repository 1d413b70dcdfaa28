"""Reports: one module for each format, all from the same verdict. They decide nothing."""
