"""A new tracker of Roundup in the current folder, served as its documents say for WSGI. The first line is the port."""

import contextlib
import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from roundup.admin import AdminTool
from roundup.cgi.wsgi_handler import RequestDispatcher

TRACKER = os.path.join(os.getcwd(), "tracker")


def admin(*words):
    """A command of the administrator, whose words nobody reads."""
    sys.argv = ["roundup-admin", "-i", TRACKER, *words]
    with open(os.devnull, "w") as nobody, contextlib.redirect_stdout(nobody):
        code = AdminTool().main()
    if code:
        sys.exit(f"roundup-admin {words[0]}: {code}")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main():
    # The tracker refuses requests for another host and port than its own.
    server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
    web = f"tracker_web=http://127.0.0.1:{server.server_port}/"
    admin("install", "minimal", "anydbm", f"mail_domain=example.org,mail_host=127.0.0.1,{web}")
    admin("initialise", os.environ["ROUNDUP_KEY"])
    server.set_app(RequestDispatcher(TRACKER))
    print(server.server_port, flush=True)
    server.serve_forever()


main()
