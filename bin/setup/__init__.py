"""The idempotent set-up behind bin/serve, bin/test, bin/bench and bin/manage.

Standard library only: it runs before anything is installed. Modules from the ground up:

- `console`, `signals`, `processes`, `machine`, `state`, `sockets`: what is printed, run,
  measured and kept where;
- `packages`, `environment`, `keys`, `translations`, `servers`, `tuning`, `cluster`, `database`:
  the steps;
- `preparation`: the steps in their order, shared by the commands; `beside`: jobs side by side;
- `application`, `supervisor`: loading the service and keeping its processes;
- `serve`, `checks`, `bench`, `manage`: the commands.
"""
