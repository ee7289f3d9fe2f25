"""Commands of the whole house, and the processes that `run` watches over."""
