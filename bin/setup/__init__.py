"""The idempotent set-up behind bin/serve, bin/test and bin/bench.

Standard library only: it runs before anything is installed. Modules from the ground up:

- `console`, `processes`, `machine`, `state`: what is printed, run, measured and kept where;
- `packages`, `environment`, `keys`, `tuning`, `cluster`, `database`: one step each;
- `preparation`: the steps in their order, shared by the commands;
- `serve`, `checks`, `bench`: the commands.
"""
