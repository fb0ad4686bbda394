# ruff: noqa: D102, D103 - the names of the tests say it
"""The parts of the sandbox that need no server."""

import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from sandbox import kubeconfig, ports, servers
from sandbox.environment import compose, exports
from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.locks import locked
from sandbox.processes import Server, is_alive, spawn, stop
from sandbox.progress import Progress, clock_text
from sandbox.stages import FATES, stages
from sandbox.state import Cloud, Cluster, change, load
from sandbox.toolchain import build, system
from sandbox.toolchain.tools import ENGINE, PROVIDER, SERVERS

CLUSTER = Cluster(name="eu-1", etcd_port=1, peer_port=2, api_port=3, token="t")


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


class TestPorts:
    def test_a_port_somebody_listens_on_is_not_free(self, listener):
        assert not ports.is_free(listener)

    def test_taken_and_repeated_ports_are_passed_over(self, monkeypatch):
        monkeypatch.setattr(ports, "is_free", lambda _: True)
        numbers = iter([0, 1, 1, 2])
        chosen = ports.choose(2, taken=[ports.FIRST], below=lambda _: next(numbers))
        assert chosen == (ports.FIRST + 1, ports.FIRST + 2)


class TestProcesses:
    def test_a_server_is_found_until_it_is_stopped(self, tmp_path):
        server = spawn("sleeper", ["sleep", "60"], tmp_path / "log")
        assert is_alive(server)
        stop([server])
        assert not is_alive(server)

    def test_the_same_pid_with_another_start_is_a_stranger(self):
        me = Server(name="me", pid=os.getpid(), started=psutil.Process().create_time())
        stranger = me.model_copy(update={"started": me.started - 60})
        assert is_alive(me)
        assert not is_alive(stranger)
        stop([stranger])  # would end this test run

    def test_a_server_that_ignores_the_request_is_killed(self, tmp_path):
        log = tmp_path / "log"
        server = spawn("stubborn", ["sh", "-c", "trap '' TERM; echo on; while :; do sleep 0.1; done"], log)
        while "on" not in log.read_text():
            pass
        stop([server], patience=0.2)
        assert not is_alive(server)


class TestProgress:
    def test_a_step_says_its_number_verdict_and_duration(self):
        out, times = io.StringIO(), iter([0.0, 75.0])
        with Progress(9, out, lambda: next(times)).step("build") as note:
            note("built")
        assert out.getvalue() == "[1/9] build: built, 1:15\n"

    def test_a_failed_step_says_so(self):
        out = io.StringIO()
        with pytest.raises(ValueError, match="no"), Progress(1, out).step("build"):
            raise ValueError("no")
        assert "[1/1] build: failed" in out.getvalue()

    @pytest.mark.parametrize(("seconds", "text"), [(0.44, "0.4 s"), (12, "12 s"), (185, "3:05")])
    def test_durations_read_well(self, seconds, text):
        assert clock_text(seconds) == text


class TestState:
    def test_it_comes_back_as_it_was_written(self, tmp_path):
        cloud = Cloud(port=4, access_key="a", secret_key="s")
        change(tmp_path, lambda state: state.with_cluster(CLUSTER).model_copy(update={"cloud": cloud}))
        state = load(tmp_path)
        assert (state.clusters, state.cloud, state.ports()) == ({"eu-1": CLUSTER}, cloud, (1, 2, 3, 4))

    def test_nobody_else_reads_the_credentials(self, tmp_path):
        change(tmp_path, lambda state: state.with_cluster(CLUSTER))
        layout = Layout(tmp_path)
        assert {layout.state.stat().st_mode & 0o077, layout.kubeconfig.stat().st_mode & 0o077} == {0}

    def test_changes_at_once_all_count(self, tmp_path):
        names = [f"eu-{number}" for number in range(8)]
        adds = [
            threading.Thread(
                target=change,
                args=(tmp_path, lambda s, n=name: s.with_cluster(CLUSTER.model_copy(update={"name": n}))),
            )
            for name in names
        ]
        for thread in adds:
            thread.start()
        for thread in adds:
            thread.join()
        assert sorted(load(tmp_path).clusters) == names


class TestEnvironment:
    def test_composing_twice_adds_nothing(self, tmp_path):
        once = compose(Layout(tmp_path), {}, "/usr/bin")["PATH"]
        assert compose(Layout(tmp_path), {}, once)["PATH"] == once

    def test_a_shell_reads_the_exports(self):
        lines = exports({"A": "two words; $HOME"})
        shown = subprocess.run(["sh", "-c", f'{lines}\nprintf %s "$A"'], capture_output=True, text=True, check=True)
        assert shown.stdout == "two words; $HOME"

    def test_every_cluster_has_a_context_of_its_name(self):
        accesses = [kubeconfig.Access(name, "https://x", Path("c"), "t") for name in ("eu-1", "us-1")]
        document = kubeconfig.document(accesses)
        assert [context["name"] for context in document["contexts"]] == ["eu-1", "us-1"]
        assert document["current-context"] == "eu-1"


def test_every_server_listens_on_loopback_only(tmp_path):
    layout = Layout(tmp_path)
    assert all("http://127.0.0.1:" in arg for arg in servers.etcd(layout, CLUSTER) if "-urls=" in arg)
    assert "--bind-address=127.0.0.1" in servers.api_server(layout, CLUSTER)
    assert "--secure-port=0" in servers.scheduler(layout, CLUSTER)
    assert "--secure-port=0" in servers.controller_manager(layout, CLUSTER)


def test_each_fate_has_its_stage():
    names = {stage["metadata"]["name"] for stage in stages()}
    assert names == {"pod-ready", "pod-complete", "pod-delete", *(f"pod-{fate}" for fate in FATES)}


class TestToolchain:
    def test_each_tool_has_its_pinned_module(self):
        for tool in (*ENGINE, PROVIDER, *SERVERS):
            assert (tool.source / "go.mod").exists()
            assert (tool.source / "go.sum").exists()

    def test_the_key_follows_what_a_tool_is_built_from(self):
        tool = SERVERS[0]
        keys = {build.digest(tool), build.digest(replace(tool, stamps={"a": "b"})), build.digest(SERVERS[1])}
        assert len(keys) == 3
        assert build.digest(tool) == build.digest(replace(tool))

    def test_an_interrupted_build_leaves_no_tool(self, tmp_path, monkeypatch):
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(build, "_go_build", interrupted)
        monkeypatch.setattr(build, "check_go", lambda: None)
        with pytest.raises(KeyboardInterrupt):
            build.ensure(SERVERS[0], tmp_path, lambda _: None)
        assert not build.entry(SERVERS[0], tmp_path).exists()

    def test_two_checkouts_build_a_tool_once(self, tmp_path, monkeypatch):
        built: list[Path] = []

        def slow(module: Path, out: Path, *_: object) -> None:
            built.append(out)
            threading.Event().wait(0.2)
            out.write_text("binary")

        monkeypatch.setattr(build, "_go_build", slow)
        monkeypatch.setattr(build, "check_go", lambda: None)
        both = [threading.Thread(target=build.ensure, args=(SERVERS[0], tmp_path, lambda _: None)) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert len(built) == 1
        assert (build.entry(SERVERS[0], tmp_path) / "etcd").read_text() == "binary"

    @pytest.mark.parametrize(("text", "version"), [("go1.26.8", (1, 26)), ("go1.9", (1, 9)), ("devel +abc", None)])
    def test_go_versions(self, text, version):
        assert build.go_version(text) == version

    def test_an_old_go_is_refused_with_advice(self, tmp_path, monkeypatch):
        _script(tmp_path / "go", "echo go1.20.1")
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        with pytest.raises(SandboxError, match=r"found go1\.20\.1 .*install"):
            build.check_go()


class TestPulumiOnPath:
    def test_the_very_version_with_its_language_host_is_used(self, tmp_path):
        _script(tmp_path / "pulumi", "echo v3.259.0")
        _script(tmp_path / "pulumi-language-python", "")
        assert system.usable(system.look(str(tmp_path)), demanded=True)

    def test_another_version_is_named_with_what_to_do(self, tmp_path, capsys):
        _script(tmp_path / "pulumi", "echo v3.1.0")
        found = system.look(str(tmp_path))
        assert not system.usable(found, demanded=False)
        assert "found pulumi 3.1.0" in capsys.readouterr().out
        with pytest.raises(SandboxError, match=r"needs 3\.259\.0 exactly; install"):
            system.usable(found, demanded=True)

    def test_without_its_language_host_it_is_not_used(self, tmp_path):
        _script(tmp_path / "pulumi", "echo v3.259.0")
        assert not system.usable(system.look(str(tmp_path)), demanded=False)

    def test_the_engine_of_a_checkout_does_not_count(self, tmp_path):
        folder = tmp_path / ".sandbox" / "bin"
        folder.mkdir(parents=True)
        _script(folder / "pulumi", "echo v3.259.0")
        assert system.look(str(folder)) is None


HOLDER = """
import sys
from pathlib import Path
from sandbox.locks import locked
with locked(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""


def test_a_held_lock_makes_others_wait(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, cwd=CODE) as holder:
        holder.stdout.readline()
        with locked(tmp_path / "lock", holder.stdin.close):
            assert holder.wait(5) == 0


def _script(file: Path, body: str) -> None:
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
