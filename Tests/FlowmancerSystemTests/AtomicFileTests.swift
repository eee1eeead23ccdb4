import FlowmancerSystem
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func write(_ text: String, to name: String) throws {
        try AtomicFile.write(Array(text.utf8), to: "\(directory.path)/\(name)", setting: "file")
    }

    private func kind(_ name: String) -> UInt32 {
        var status = stat()
        return lstat("\(directory.path)/\(name)", &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    private func isDevice(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    }

    private func link(_ name: String, to target: String) throws {
        try #require(symlink(target, "\(directory.path)/\(name)") == 0)
    }

    @Test func aFileIsReplacedWithoutATrace() throws {
        try write("a longer text", to: "deep/file")
        try write("short", to: "deep/file")
        #expect(try directory.text("deep/file") == "short")
        #expect(try directory.contents("deep") == ["file"])
    }

    @Test func directoriesAreCreatedOnRequestOnly() throws {
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write([1], to: "\(directory.path)/no/file", createsDirectories: false, setting: "file")
        }
        #expect(error?.reason == .noSuchFileOrDirectory)
        #expect(try directory.contents().isEmpty)
    }

    @Test func aLinkStaysAndItsTargetIsReplaced() throws {
        try directory.makeDirectory("elsewhere")
        try directory.write(Array("old".utf8), to: "elsewhere/target")
        try link("elsewhere/second", to: "target")
        try link("first", to: "elsewhere/second")
        try write("new", to: "first")
        #expect(kind("first") == S_IFLNK)
        #expect(kind("elsewhere/second") == S_IFLNK)
        #expect(try directory.text("elsewhere/target") == "new")
        #expect(try directory.contents("elsewhere") == ["second", "target"])
    }

    @Test func theTargetOfALinkIsCreated() throws {
        try link("link", to: "\(directory.path)/target")
        try write("new", to: "link")
        #expect(kind("link") == S_IFLNK)
        #expect(try directory.text("target") == "new")
    }

    @Test func linksInACircleAreAnError() throws {
        try link("a", to: "b")
        try link("b", to: "a")
        let error = #expect(throws: FileError.self) { try write("x", to: "a") }
        #expect(error?.reason == .tooManySymbolicLinkLevels)
    }

    @Test func aPipeIsWrittenTo() throws {
        try #require(mkfifo("\(directory.path)/pipe", 0o600) == 0)
        let reader = open("\(directory.path)/pipe", O_RDONLY | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        try write("hello", to: "pipe")
        var bytes = [UInt8](repeating: 0, count: 100)
        #expect(read(reader, &bytes, 100) == 5)
        #expect(bytes.prefix(5).elementsEqual("hello".utf8))
        #expect(kind("pipe") == S_IFIFO)
        #expect(try directory.contents() == ["pipe"])
    }

    @Test func aPipeWithoutAReaderIsAnErrorThatSaysSo() throws {
        try #require(mkfifo("\(directory.path)/pipe", 0o600) == 0)
        let error = #expect(throws: FileError.self) { try write("hello", to: "pipe") }
        #expect(error?.description.contains("start the program that reads the file, or choose another file") == true)
        #expect(kind("pipe") == S_IFIFO)
    }

    @Test func aDeviceStaysADevice() throws {
        // Through links: a link that is replaced by mistake harms nobody.
        try link("full", to: "/dev/full")
        try link("null", to: "/dev/null")
        try write("x", to: "null")
        let error = #expect(throws: FileError.self) { try write("x", to: "full") }
        #expect(error?.reason == .noSpace)
        #expect(kind("full") == S_IFLNK)
        #expect(isDevice("/dev/null") && isDevice("/dev/full"))
    }

    @Test func aDirectoryIsAnErrorThatSaysSo() throws {
        try directory.makeDirectory("taken")
        let error = #expect(throws: FileError.self) { try write("x", to: "taken") }
        #expect(error?.description.contains("Is a directory; check the path") == true)
    }

    @Test func whatIsOpenElsewhereIsAddedTo() throws {
        let file = open("\(directory.path)/opened", O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        try AtomicFile.write(Array("a,".utf8), to: "/dev/fd/\(file)", setting: "file")
        try AtomicFile.write(Array("b".utf8), to: "/proc/self/fd/\(file)", setting: "file")
        #expect(try directory.text("opened") == "a,b")
    }
}
