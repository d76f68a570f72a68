"""Reports: what each command's `--json` prints, as frozen values; schema.json is made from them."""
