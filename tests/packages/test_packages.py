"""The release steps of docs/releasing.md, as far as they go without a release build: packages of the tested binary."""

import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LZ = Path(os.environ.get("LZ_BIN", ROOT / "target/debug/lz")).resolve()
EPOCH = "1767225600"  # 2026-01-01

FILES = {
    "usr/bin/lz",
    "usr/share/bash-completion/completions/lz",
    "usr/share/zsh/vendor-completions/_lz",
    "usr/share/fish/vendor_completions.d/lz.fish",
    "usr/share/man/man1/lz.1.gz",
    "usr/share/man/man1/lz-plan.1.gz",
    "usr/share/man/man1/lz-policy-lint.1.gz",
    "usr/share/doc/lz/changelog.gz",
    "usr/share/doc/lz/copyright",
}


def run(*command: object, **options: object) -> str:
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout


@unittest.skipUnless(shutil.which("dpkg-deb"), "packages are made where dpkg-deb is")
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="lz-packages-"))
        # Without its symbols the tested binary is as small as one needs to pack it often.
        cls.binary = cls.folder / "lz"
        run("strip", "--strip-all", "-o", cls.binary, LZ)
        cls.environment = dict(os.environ, SOURCE_DATE_EPOCH=EPOCH, DPKG_DEB_COMPRESSOR_TYPE="none")
        cls.package = cls.deb(cls.folder / "first")
        cls.root = cls.folder / "root"
        run("dpkg-deb", "--extract", cls.package, cls.root)

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder)

    @classmethod
    def deb(cls, out: Path) -> Path:
        return Path(run(ROOT / "packaging/deb", cls.binary, out, env=cls.environment).strip()).resolve()

    def test_the_package_says_what_it_is_and_needs(self) -> None:
        fields = dict(
            line.split(": ", 1) for line in run("dpkg-deb", "--field", self.package).splitlines() if line[0] != " "
        )
        version = run(LZ, "--version").split()[1]
        self.assertEqual(fields["Package"], "lz")
        self.assertEqual(fields["Version"], version)
        self.assertEqual(self.package.name, f"lz_{version}_{fields['Architecture']}.deb")
        if self.static():
            self.assertNotIn("Depends", fields)
        else:
            self.assertRegex(fields["Depends"], r"^libc6 \(>= 2\.\d+\), libgcc-s1$")

    def test_every_file_is_there_and_belongs_to_root(self) -> None:
        listed = run("dpkg-deb", "--contents", self.package).splitlines()
        names = set()
        for line in listed:
            mode, owner, _, day, _, name = line.split(maxsplit=5)
            self.assertEqual(owner, "root/root", line)
            self.assertEqual(day, "2026-01-01", line)
            self.assertIn(mode, {"drwxr-xr-x", "-rwxr-xr-x" if name.endswith("bin/lz") else "-rw-r--r--"}, line)
            names.add(name.removeprefix("./"))
        self.assertLessEqual(FILES, names)

    def test_the_same_binary_makes_the_same_package(self) -> None:
        second = self.deb(self.folder / "second")
        self.assertEqual(self.package.read_bytes(), second.read_bytes())

    def test_it_installs_and_runs_and_goes_again(self) -> None:
        root = self.folder / "dpkg"
        (root / "var/lib/dpkg/updates").mkdir(parents=True)
        (root / "var/lib/dpkg/info").mkdir()
        (root / "var/lib/dpkg/status").touch()
        # What it depends on is not in this empty root, and nothing of it is configured there.
        options = ["--root", root, "--force-depends", "--force-not-root", "--log", self.folder / "log"]
        if os.geteuid() != 0 or not shutil.which("dpkg"):
            self.skipTest("dpkg unpacks into another root as root only")
        run("dpkg", *options, "--unpack", self.package, env={"PATH": os.environ["PATH"]})
        self.assertEqual(run(root / "usr/bin/lz", "--version"), run(LZ, "--version"))
        run("dpkg", *options, "--remove", "lz", env={"PATH": os.environ["PATH"]})
        self.assertFalse((root / "usr/bin/lz").exists())

    def test_completions_load_in_each_shell_that_is_here(self) -> None:
        share = self.root / "usr/share"
        bash = share / "bash-completion/completions/lz"
        self.assertIn("lz", run("bash", "--norc", "-c", f"source '{bash}' && complete -p lz"))
        completed = run(
            "bash",
            "--norc",
            "-c",
            f"source '{bash}'; COMP_WORDS=(lz roll); COMP_CWORD=1; _lz lz roll lz; echo \"${{COMPREPLY[@]}}\"",
        )
        self.assertEqual(completed.split(), ["rollback"])
        if shutil.which("zsh"):
            run("zsh", "-f", "-n", share / "zsh/vendor-completions/_lz")
        if shutil.which("fish"):
            run("fish", "--no-config", "--no-execute", share / "fish/vendor_completions.d/lz.fish")

    def test_manual_pages_render_without_a_warning(self) -> None:
        pages = sorted((self.root / "usr/share/man/man1").glob("*.gz"))
        self.assertGreater(len(pages), 20)
        if not shutil.which("groff"):
            self.skipTest("groff is not here")
        text = "".join(gzip.decompress(page.read_bytes()).decode() for page in pages)
        result = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww"], input=text, capture_output=True, text=True, check=False
        )
        self.assertEqual(result.stderr, "")
        shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", result.stdout)
        self.assertIn("lz plan", shown)
        self.assertIn("--detailed-exitcode", shown.replace("\u2010", "-").replace("-\n", "-"))

    def test_the_licence_is_whole(self) -> None:
        text = (self.root / "usr/share/doc/lz/copyright").read_text()
        for line in (ROOT / "LICENSE").read_text().splitlines():
            self.assertIn(f" {line}" if line else " .", text)
        changelog = gzip.decompress((self.root / "usr/share/doc/lz/changelog.gz").read_bytes()).decode()
        self.assertEqual(changelog, (ROOT / "CHANGELOG.md").read_text())

    def test_the_container_has_what_it_copies_and_its_program_runs_in_it(self) -> None:
        """Carries out the Containerfile by hand: there is a builder on few machines, and it needs none to be right."""
        steps = containerfile()
        self.assertEqual([step for step in steps if step[0] == "RUN"], [], "an image without a shell runs nothing")
        self.assertEqual(steps[0], ("FROM", "scratch"))
        context = self.folder / "container"
        if self.static():
            run(ROOT / "packaging/container", self.binary, context, env=self.environment)
        else:
            run(ROOT / "packaging/stage", self.binary, context / "root", env=self.environment)
            for name, mode in [("tmp", 0o1777), ("work", 0o777)]:
                (context / "root" / name).mkdir()
                (context / "root" / name).chmod(mode)
        image = self.folder / "image"
        image.mkdir()
        for name, words in steps:
            if name == "COPY":
                source, target = words.split()
                shutil.copytree(context / source, image / target.lstrip("/"), dirs_exist_ok=True)
        settings = dict(steps)
        program = settings["ENTRYPOINT"].strip('[]"')
        self.assertTrue((image / program.lstrip("/")).is_file(), program)
        self.assertTrue((image / settings["WORKDIR"].lstrip("/")).is_dir())
        user, group = settings["USER"].split(":")
        self.assertNotEqual(user, "0")
        if os.geteuid() != 0:
            self.skipTest("only root may change its root")
        for library in re.findall(r"(/\S+) \(0x", run("ldd", self.binary) if not self.static() else ""):
            to = image / library.lstrip("/")
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, to)
        shutil.copytree(ROOT / "examples/startup", image / "work/spec")
        shutil.copytree(ROOT / "examples/baselines", image / "work/baselines")
        (image / "work/.git").mkdir()
        inside = ["chroot", f"--userspec={user}:{group}", image, program]
        self.assertEqual(run(*inside, "--version"), run(LZ, "--version"))
        run(*inside, "validate", "/work/spec")
        run(*inside, "plan", "--target", "twin:/tmp/twin.json", "/work/spec")

    def static(self) -> bool:
        """Whether the tested binary brings everything along."""
        return "INTERP" not in run("readelf", "--wide", "--program-headers", self.binary)


def containerfile() -> list[tuple[str, str]]:
    """The steps of packaging/Containerfile."""
    lines = (ROOT / "packaging/Containerfile").read_text().splitlines()
    steps = [tuple(line.split(maxsplit=1)) for line in lines if line and not line.startswith("#")]
    known = {"FROM", "COPY", "ENV", "USER", "WORKDIR", "ENTRYPOINT", "CMD", "RUN"}
    assert all(name in known for name, _ in steps), steps
    return steps


class Version(unittest.TestCase):
    def test_the_version_is_that_of_the_workspace_and_the_changelog_knows_it(self) -> None:
        text = (ROOT / "Cargo.toml").read_text()
        version = re.search(r'^version = "([^"]+)"', text, re.MULTILINE).group(1)
        self.assertEqual(run(LZ, "--version").split()[:2], ["lz", version])
        self.assertIn("## Unreleased", (ROOT / "CHANGELOG.md").read_text())

    @unittest.skipUnless(shutil.which("rustc"), "the build script is compiled")
    def test_a_build_names_its_commit_where_it_can_and_succeeds_where_it_cannot(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            script = folder / "script"
            run("rustc", "--edition", "2024", "-o", script, ROOT / "engine/cli/build.rs")
            repository = folder / "repository"
            repository.mkdir()
            shutil.copy(ROOT / "engine/cli/build.rs", repository)
            git = ["git", "-C", repository, "-c", "user.name=t", "-c", "user.email=t@example.com"]
            given = {"PATH": os.environ["PATH"], "CARGO_PKG_VERSION": "1.2.3", "PROFILE": "release"}

            def version(**more: str) -> str:
                lines = run(script, cwd=repository, env=given | more).splitlines()
                return next(line for line in lines if "LZ_VERSION" in line).split("=", 2)[2]

            # Neither without a repository, nor in one that knows nothing of lz, is there a commit.
            self.assertEqual(version(), "1.2.3")
            run(*git, "init", "--quiet")
            run(*git, "commit", "--quiet", "--allow-empty", "--message", "something else")
            self.assertEqual(version(), "1.2.3")
            run(*git, "add", "build.rs")
            run(*git, "commit", "--quiet", "--message", "lz", env=given | {"GIT_COMMITTER_DATE": "2024-02-29T23:59:59Z"})
            commit = run(*git, "rev-parse", "--short=12", "HEAD").strip()
            self.assertEqual(version(), f"1.2.3 ({commit}, 2024-02-29)")
            self.assertEqual(version(PROFILE="debug"), "1.2.3")
            # What is given wins, and makes the same version without git.
            self.assertEqual(version(LZ_COMMIT="abc", SOURCE_DATE_EPOCH="0"), "1.2.3 (abc, 1970-01-01)")
            self.assertEqual(version(PATH="", LZ_COMMIT="abc", SOURCE_DATE_EPOCH=EPOCH), "1.2.3 (abc, 2026-01-01)")

    def test_scripts_of_packages_are_programs_that_explain_themselves(self) -> None:
        for path in sorted((ROOT / "packaging").iterdir()):
            text = path.read_text()
            self.assertIn(f"packaging/{path.name}", text + "packaging/Containerfile", path)
            if path.name != "Containerfile":
                self.assertTrue(os.access(path, os.X_OK), path)
                run("bash", "-n", path)


if __name__ == "__main__":
    unittest.main()
