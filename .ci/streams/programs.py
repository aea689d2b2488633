"""The programs that measurements of streams start."""
import os
import pathlib
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peers:
    """The clients and the backend, one process; see peers/main.go."""

    @staticmethod
    def build(folder):
        """Their program."""
        program = os.path.join(folder, "peers")
        subprocess.run(["go", "build", "-o", program, "."], cwd=pathlib.Path(__file__).resolve().parent / "peers", check=True)
        return program

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the peers ended at '{' '.join(map(str, words))}'")
        return line.split()

    def count(self, *words):
        return int(self.ask(*words)[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Program:
    """A proxy that is measured; ready() says whether it serves, or fails."""

    def __init__(self, name, command, folder):
        self.name = name
        self.log = open(pathlib.Path(folder) / (name + ".log"), "wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        for _ in range(300):
            try:
                if self.ready():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        self.close()
        raise SystemExit(f"{name} does not start:\n{pathlib.Path(self.log.name).read_text()}")

    def kib(self):
        """Resident memory."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise SystemExit(f"{self.name} has ended")

    def cpu(self):
        """Processor time of its threads so far, in seconds; /proc/PID/stat counts hundredths, which few streams do not fill."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()
