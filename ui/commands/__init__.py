"""The command `assistant-elus`, one file a group of commands."""
