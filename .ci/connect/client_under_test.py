"""Connect in front of the gateway, the suite's reference server behind it, which checks that native gRPC arrives: the shared
checks' client_under_test.py with two more values of FRONT. CONFORMANCE is the folder of that file."""
import os
import sys

sys.path.insert(0, os.environ["CONFORMANCE"])

import client_under_test  # noqa: E402

PROTOCOL_CONNECT = 1

for front, version in (("connect-h1", client_under_test.HTTP_VERSION_1), ("connect-h2", client_under_test.HTTP_VERSION_2)):
    client_under_test.FRONTS[front] = (PROTOCOL_CONNECT, version)
client_under_test.main()
