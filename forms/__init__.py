"""One WTForms class per form key, and the few forms that are no steps."""
