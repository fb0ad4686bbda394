"""Questions and actions: engine results and observed facts become reports. Prints nothing."""
