"""The frozen models of catalog files: values as written, checked one by one, resolved nowhere."""
