import Foundation

// What a program may do before it hands over to FlowmancerApp: workers must find it done in their own process.
switch ProcessInfo.processInfo.environment["TEST_APP_PRELUDE"] {
case "open":
    let file = open("prelude", O_WRONLY | O_APPEND | O_CREAT, 0o644)
    let line = "\(getpid())\n"
    _ = write(file, line, line.utf8.count)
case "thread":
    Thread.detachNewThread { while true { sleep(1_000) } }
case "print":
    // Without a line feed, it stays in the buffer.
    print("written before main", terminator: "")
default:
    break
}

TestApp.main()
