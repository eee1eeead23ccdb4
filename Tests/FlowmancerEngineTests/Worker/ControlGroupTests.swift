import Testing

@testable import FlowmancerEngine

@Suite struct ControlGroupTests {
    @Test(arguments: [
        ("0::/\n", ["/sys/fs/cgroup/pids.max"]),
        (
            "0::/user.slice/job\n",
            ["/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/user.slice/pids.max", "/sys/fs/cgroup/user.slice/job/pids.max"]
        ),
        (
            "5:cpu,cpuacct:/a\n4:pids:/a\n",
            ["/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids/a/pids.max"]
        ),
        ("", ["/sys/fs/cgroup/pids.max"]),
        ("no group\n", ["/sys/fs/cgroup/pids.max"]),
    ])
    func theLimitsAreThoseOfTheGroupAndOfThoseAboveIt(groups: String, files: [String]) {
        #expect(ControlGroup.limitFiles(groups) == files)
    }
}
