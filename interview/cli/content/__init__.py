"""The content's commands: begun, proved, brought in, carried out."""
