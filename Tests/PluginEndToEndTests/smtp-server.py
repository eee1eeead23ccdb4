"""A mail server for tests: prints its port, then every message that it takes, as a line of JSON.

Arguments: MODE [CERTIFICATE KEY USER PASSWORD], MODE is plain, starttls or tls.
"""
import asyncio
import collections
import json
import ssl
import sys

from aiosmtpd.smtp import AuthResult, SMTP


attempts = collections.Counter()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("unknown"):
            return "550 no such user here"
        if address.startswith("busy"):
            # Takes every second attempt.
            attempts[address] += 1
            if attempts[address] % 2 == 1:
                return "451 try again later"
        if address.startswith("gone"):
            # Ends the connection at every attempt but the first.
            attempts[address] += 1
            if attempts[address] > 1:
                server.transport.close()
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or mode == "tls",
            "authenticated": bool(session.authenticated),
            "data": envelope.content.decode("utf-8"),
        }
        print(json.dumps(message), flush=True)
        return "250 OK"


mode, *rest = sys.argv[1:]
arguments = {}
context = None
if mode != "plain":
    certificate, key, user, password = rest
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, auth_data):
        is_right = auth_data.login.decode() == user and auth_data.password.decode() == password
        return AuthResult(success=is_right, handled=False)

    arguments = {"auth_required": True, "authenticator": authenticate}
    if mode == "starttls":
        arguments |= {"tls_context": context, "require_starttls": True}
    else:
        arguments |= {"auth_require_tls": False}


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="mail.test", enable_SMTPUTF8=True, loop=loop, **arguments), "127.0.0.1", 0,
        ssl=context if mode == "tls" else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with the test that started it, which holds the other end.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(serve())
