"""A client that nobody of the project wrote: Python's own, over XML-RPC and JSON-RPC. Arguments: URL, key, certificate."""

import datetime
import json
import ssl
import sys
import urllib.request
import xmlrpc.client

url, key, authority = sys.argv[1:]
context = ssl.create_default_context(cafile=authority) if authority else None
scheme, rest = url.split("://")
server = xmlrpc.client.ServerProxy(f"{scheme}://{key}:x@{rest}", use_builtin_types=True, context=context)

assert "service.list" in server.system.listMethods()
service = server.service.info({"name": "myserver1"})
assert isinstance(service["start_date"], datetime.datetime), service
assert service["expiry_date"] > datetime.datetime.now(), service
assert server.internal.echo({"string": "zażółć", "integer": 2147483647})["integer"] == 2147483647
try:
    server.service.info({"name": "nosuch"})
    sys.exit("no fault")
except xmlrpc.client.Fault as fault:
    assert fault.faultCode == 3, fault
many = xmlrpc.client.MultiCall(server)
many.internal.version()
many.service.info({"name": "myserver2"})
assert [sorted(answer)[0] for answer in many()] == ["version", "data_zone"]

basic = "Basic " + xmlrpc.client.base64.b64encode(f"{key}:x".encode()).decode()


def answer_to(message):
    headers = {"Authorization": basic, "Content-Type": "application/json"}
    request = urllib.request.Request(url.replace("xmlrpc", "jsonrpc"), json.dumps(message).encode(), headers)
    with urllib.request.urlopen(request, context=context) as answer:
        return answer.status, answer.read()


call = {"jsonrpc": "2.0", "method": "internal.version"}
assert answer_to(call) == (200, b""), answer_to(call)
assert json.loads(answer_to(call | {"id": 1})[1])["result"] == {"version": "0.20"}
assert json.loads(answer_to({"jsonrpc": "2.0", "method": 1, "params": "bar"})[1])["error"]["code"] == -32600
print("ok")
