"""A call by Python's xmlrpc.client, as a first shell in Python would make it: the result as JSON.

client.py list URL OUT      asks for the list of methods first
client.py call URL OUT      makes the call alone
client.py 1000 URL OUT      makes so many calls on one connection
"""
import json
import os
import ssl
import sys
from xmlrpc.client import DateTime, ServerProxy

manner, url, out = sys.argv[1:]
authority = os.environ.get("SSL_CERT_FILE")
context = ssl.create_default_context(cafile=authority) if authority else None
service = ServerProxy(url, context=context)


def plain(value):
    if isinstance(value, DateTime):
        return value.value
    raise TypeError(type(value))


if manner == "list" and "service.list" not in service.system.listMethods():
    sys.exit("unknown method")
with open(out, "w") as file:
    for _ in range(int(manner) if manner.isdigit() else 1):
        result = service.service.list({})
        file.write(json.dumps(result, indent=2, ensure_ascii=False, default=plain) + "\n")
