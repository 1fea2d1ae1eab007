"""What a client that nobody of the project wrote reads from a server: the client of Python's standard library.

Standard input has calls, one JSON object a line: {"url", "wire", "user", "key", "method", "params"}. For each of them a
line with {"result"} or {"fault": [code, text]} is printed. Dates and bytes, which JSON does not have, are
written as text: a date with hyphens, bytes in Base64.
"""

import base64
import json
import sys
import urllib.error
import urllib.request
import xmlrpc.client
from datetime import datetime


def plain(value):
    if isinstance(value, xmlrpc.client.DateTime):
        return datetime.strptime(value.value, "%Y%m%dT%H:%M:%S").isoformat()
    if isinstance(value, xmlrpc.client.Binary):
        return base64.b64encode(value.data).decode()
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def asked(call, body, media, verb="POST"):
    request = urllib.request.Request(call["url"], data=body, method=verb)
    request.add_header("Content-Type", media)
    for name, value in call.get("headers", {}).items():
        request.add_header(name, value)
    if call.get("user"):
        pair = base64.b64encode(f"{call['user']}:{call['key']}".encode()).decode()
        request.add_header("Authorization", f"Basic {pair}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.read()


def xmlrpc_call(call):
    body = xmlrpc.client.dumps(tuple(call["params"]), call["method"], allow_none=True)
    try:
        (value,), _ = xmlrpc.client.loads(asked(call, body.encode(), "text/xml"))
        return {"result": plain(value)}
    except xmlrpc.client.Fault as fault:
        return {"fault": [fault.faultCode, fault.faultString]}


def jsonrpc_call(call):
    message = {"jsonrpc": "2.0", "id": 1, "method": call["method"], "params": call["params"]}
    answer = json.loads(asked(call, json.dumps(message).encode(), "application/json"))
    if "error" in answer:
        return {"fault": [answer["error"]["code"], answer["error"]["message"]]}
    return {"result": answer["result"]}


def rest_call(call):
    body = json.dumps(call["params"]).encode() if call["params"] is not None else None
    text = asked(call, body, "application/json", call["method"])
    return {"result": json.loads(text) if text else None}


wires = {"xmlrpc": xmlrpc_call, "jsonrpc": jsonrpc_call, "rest": rest_call}
for line in sys.stdin:
    call = json.loads(line)
    print(json.dumps(wires[call["wire"]](call)), flush=True)
