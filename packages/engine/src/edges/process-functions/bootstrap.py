"""What an environment's process runs for a Python function: loads the handler, then takes one event a line from standard input and reports on descriptor 3."""

import importlib
import json
import logging
import os
import resource
import sys
import time
import traceback

task_root = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
speed = float(os.environ.get("ROCKPOOL_SPEED", "1"))
current = {"requestId": None}


def report(message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(3, data):]


def memory_bytes():
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def now():
    """The platform's time, in seconds since the epoch."""
    clock, _, factor = os.environ.get("ROCKPOOL_CLOCK", "").partition("x")
    start, _, real_start = clock.partition("@")
    if not real_start:
        return time.time()
    return (float(start) + (time.time() * 1000 - float(real_start)) * float(factor)) / 1000


class Output:
    """Takes what is printed the way of the answers, and so before the answer it belongs to."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self):
        self.rest = ""

    def write(self, text):
        *lines, self.rest = (self.rest + text).split("\n")
        if lines:
            report({"kind": "output", "lines": lines})
        return len(text)

    def flush(self):
        if self.rest:
            report({"kind": "output", "lines": [self.rest]})
            self.rest = ""

    def isatty(self):
        return False


class LogHandler(logging.Handler):
    """The root logger's only handler, as in Lambda; one entry a record, however many lines it has."""

    def emit(self, record):
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now()))
        text = self.format(record)
        if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
            entry = {
                "timestamp": at + "Z",
                "level": record.levelname,
                "message": text,
                "logger": record.name,
                "requestId": current["requestId"],
            }
            report({"kind": "output", "lines": [json.dumps(entry)]})
            return
        milliseconds = int(now() * 1000) % 1000
        line = f"[{record.levelname}]\t{at}.{milliseconds:03d}Z\t{current['requestId']}\t{text}"
        report({"kind": "output", "lines": [line]})


class Context:
    identity = None

    def __init__(self, event):
        self.aws_request_id = event["requestId"]
        self.invoked_function_arn = event["invokedArn"]
        self.client_context = event.get("clientContext")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        # The machine's time, like everything that the function can measure.
        self._deadline = time.monotonic() + event["timeout_ms"] / 1000 / speed

    def get_remaining_time_in_millis(self):
        return max(0, round((self._deadline - time.monotonic()) * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class RuntimeFault(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = f"Runtime.{kind}"


def load_handler(text):
    path, _, name = text.rpartition(".")
    if not path:
        raise RuntimeFault("MalformedHandlerName", f"Bad handler '{text}': not enough values to unpack (expected 2, got 1)")
    module = path.replace("/", ".")
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:
        raise RuntimeFault("ImportModuleError", f"Unable to import module '{path}': {error}") from error
    except SyntaxError as error:
        raise RuntimeFault("UserCodeSyntaxError", f"Syntax error in module '{path}': {error}") from error
    if not hasattr(loaded, name):
        raise RuntimeFault("HandlerNotFound", f"Handler '{name}' missing on module '{path}'")
    return getattr(loaded, name)


def take_answer_addresses(endpoint):
    """Code that was written for AWS answers CloudFormation by https, whatever the response address says; the engine's is plain."""
    client = sys.modules.get("http.client")
    scheme, _, rest = endpoint.partition("://")
    host, _, port = rest.partition(":")
    if client is None or scheme != "http" or not port.isdigit():
        return
    connect = client.HTTPSConnection.connect

    def connect_to_engine(self):
        if self.host != host or self.port not in (443, int(port)):
            return connect(self)
        self.port = int(port)
        return client.HTTPConnection.connect(self)

    client.HTTPSConnection.connect = connect_to_engine


def told(error):
    if isinstance(error, RuntimeFault):
        return {"errorMessage": str(error), "errorType": error.kind, "requestId": "", "stackTrace": []}
    # The first frame is this file's.
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": current["requestId"],
        "stackTrace": frames,
    }


def fail(error, ended):
    failure = told(error)
    trace = "".join(failure["stackTrace"])
    line = f"[ERROR] {failure['errorType']}: {failure['errorMessage']}"
    report({"kind": "output", "lines": [line + (f"\nTraceback (most recent call last):\n{trace}" if trace else "")]})
    report({"kind": "failed", "error": failure, "memory_bytes": memory_bytes(), "ended": ended})


def serve(handler):
    for line in sys.stdin.buffer:
        event = json.loads(line)
        current["requestId"] = event["requestId"]
        report({"kind": "started"})
        try:
            payload = json.dumps(handler(json.loads(event["payload"]), Context(event)))
            sys.stdout.flush()
            report({"kind": "answered", "payload": payload, "memory_bytes": memory_bytes()})
        except Exception as error:
            sys.stdout.flush()
            fail(error, False)


sys.stdout = sys.stderr = Output()
logging.getLogger().addHandler(LogHandler())
if "AWS_LAMBDA_LOG_LEVEL" in os.environ:
    logging.getLogger().setLevel(os.environ["AWS_LAMBDA_LOG_LEVEL"].replace("TRACE", "NOTSET").replace("FATAL", "CRITICAL"))
sys.path.insert(0, task_root)
try:
    loaded_handler = load_handler(os.environ.get("_HANDLER", ""))
    take_answer_addresses(os.environ.get("AWS_ENDPOINT_URL", ""))
except Exception as problem:
    fail(problem, True)
    sys.exit(1)
serve(loaded_handler)
