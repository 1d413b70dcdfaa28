"""The commands: options in, reports out, and an exit status. They decide nothing about trips."""
