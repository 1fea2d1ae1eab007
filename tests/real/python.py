"""An XML-RPC server of Python's standard library, with values of every type and a method whose arguments may be left out.

It prints its port.
"""

import datetime
import xmlrpc.client
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

VALUES = {
    "nothing": None,
    "yes": True,
    "no": False,
    "zero": 0,
    "large": 2147483647,
    "small": -2147483648,
    "half": 0.5,
    "tiny": 1e-300,
    "huge": 1.7976931348623157e308,
    "third": 1 / 3,
    "negative": -0.1,
    "text": "plain",
    "empty": "",
    "blanks": "  lead and trail  ",
    "signs": "<a href=\"x\">&amp; 'b' ]]></a>",
    "letters": "äöü ß € 日本語 🐟 \u202e",
    "lines": "one\ntwo\tthree",
    "digits": "007",
    "number": "5",
    "truth": "true",
    "date": datetime.datetime(2026, 2, 28, 23, 59, 59),
    "bytes": xmlrpc.client.Binary(bytes(range(256))),
    "no_bytes": xmlrpc.client.Binary(b""),
    "list": [1, "two", 3.5, None, [], {}],
    "nested": [[[[["deep"]]]]],
    "dict": {"a": 1, "b b": {"c": [True]}, "": "no name", "ü": "ä"},
    "no_list": [],
    "no_dict": {},
    "long": "x" * 100_000,
    "many": list(range(1_000)),
}


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/RPC2",)
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def value(name):
    """value(name)

    The value of that name."""
    return VALUES[name]


def echo(value):
    """echo(value)

    The value itself."""
    return value


dropped = []


def drop(name, keep_backups=True, wait=5):
    """drop(name, keep_backups=True, wait=5)

    Drop something.
    """
    dropped.append([name, keep_backups, wait])
    return dropped[-1]


def drops():
    """What has been dropped so far."""
    return dropped


server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, allow_none=True, logRequests=False)
server.register_introspection_functions()
server.register_multicall_functions()
for function in (value, echo, drop, drops):
    server.register_function(function)
server.register_function(lambda: list(VALUES), "names")
print(server.server_address[1], flush=True)
server.serve_forever()
