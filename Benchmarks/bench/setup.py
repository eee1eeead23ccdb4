"""Builds and installs what is measured, into a scratch folder."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / ".scratch"
PYTHON_PEERS = ["doit==0.37.0", "luigi==3.8.1", "flowmancer==0.12.4"]


def note(text):
    print(text, file=sys.stderr, flush=True)


def build_native():
    """Compiles the floors and the program that measures."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("a C compiler is needed (cc, clang or gcc)")
    target = SCRATCH / "native"
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted((ROOT / "native").glob("*.c")):
        subprocess.run([compiler, "-O2", "-o", target / source.stem, source], check=True)
    return target


def build_app():
    """Builds this project's program, optimised."""
    note("building Flowmancer (release; the first time this takes minutes) …")
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", ROOT / "App"]
    command += ["--scratch-path", SCRATCH / "app"]
    # The plan of an earlier build would go on with files that have been moved since.
    (SCRATCH / "app" / "release" / "description.json").unlink(missing_ok=True)
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"the build failed:\n{result.stdout[-4_000:]}{result.stderr[-4_000:]}")
    return SCRATCH / "app" / "release" / "bench-app"


def debian_program(package, program):
    """Returns a program that is installed, or unpacked from a Debian package, or None."""
    installed = shutil.which(program)
    if installed:
        return installed
    folder = SCRATCH / "debian"
    unpacked = folder / "usr" / "bin" / program
    if unpacked.exists():
        return str(unpacked)
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        note(f"{program} is not installed, and this is no Debian: left out")
        return None
    folder.mkdir(parents=True, exist_ok=True)
    download = subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, text=True)
    files = sorted(folder.glob(f"{package}_*.deb"))
    if download.returncode != 0 or not files:
        note(f"{package} cannot be downloaded (apt-get update may help): left out\n{download.stderr[-500:]}")
        return None
    subprocess.run(["dpkg-deb", "-x", files[-1], folder], check=True)
    return str(unpacked)


def python_peers():
    """Returns the virtual environment's Python, and the versions of the peers that are installed there."""
    environment = SCRATCH / "venv"
    python = environment / "bin" / "python"
    if not python.exists():
        note("installing the Python peers …")
        if subprocess.run([sys.executable, "-m", "venv", environment]).returncode != 0:
            note("a virtual environment cannot be made (Debian: python3-venv): the Python peers are left out")
            return python, {}
        for peer in PYTHON_PEERS:
            result = subprocess.run([python, "-m", "pip", "install", "-q", peer], capture_output=True, text=True)
            if result.returncode != 0:
                note(f"{peer} cannot be installed: left out\n{result.stderr[-500:]}")
    return python, {
        name: version
        for name in (peer.split("==")[0] for peer in PYTHON_PEERS)
        if (version := _version(python, name)) is not None
    }


def _version(python, name):
    code = f"from importlib.metadata import version; print(version('{name}'))"
    result = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else None
