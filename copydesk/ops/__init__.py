"""Running a site: the `copydesk` command, the server, its health."""
