import Testing

@testable import FlowmancerSystem

@Suite struct ControlGroupTests {
    @Test(arguments: [
        ("0::/\n", ["/sys/fs/cgroup"]),
        (
            "0::/user.slice/job\n",
            ["/sys/fs/cgroup", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup/user.slice/job"]
        ),
        (
            "5:cpu,cpuacct:/a\n4:pids:/a\n",
            ["/sys/fs/cgroup/pids", "/sys/fs/cgroup/pids/a"]
        ),
        ("", ["/sys/fs/cgroup"]),
        ("no group\n", ["/sys/fs/cgroup"]),
    ])
    func theLimitsAreThoseOfTheGroupAndOfThoseAboveIt(groups: String, directories: [String]) {
        #expect(ControlGroup.directories(groups, of: "pids") == directories)
    }
}
