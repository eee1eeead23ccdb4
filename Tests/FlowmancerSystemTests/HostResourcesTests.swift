import FlowmancerCore
import Testing

@testable import FlowmancerSystem

/// What this machine has.
@Suite struct HostResourcesTests {
    @Test func thereIsAtLeastOneProcessorAndSomeMemory() {
        let host = HostResources.current()
        #expect(host.cpus >= 1)
        #expect(host.memory > 1 << 20)
    }

    @Test(
        arguments: [
            ("0,1", ["0", "1"]), ("GPU-1, GPU-2", ["GPU-1", "GPU-2"]), ("", []), ("-1", []), ("0,-1,1", ["0"]),
            ("NoDevFiles", []), ("1,1", ["1"]),
        ]
    )
    func theVariableOfCUDANamesTheGraphicsProcessors(text: String, names: [String]) {
        #expect(HostResources.visibleGPUs(text) == names)
    }

    @Test func devicesAreNumbered() {
        let devices = ["nvidia10", "nvidiactl", "nvidia2", "nvidia-uvm", "null", "nvidia0"]
        #expect(HostResources.gpus(amongDevices: devices) == ["0", "2", "10"])
    }

    @Test(
        arguments: [
            ("max", "100000", nil), ("200000", "100000", 2), ("150000", "100000", 1), ("50000", "100000", 1),
            ("-1", "100000", nil), (nil, nil, nil),
        ] as [(String?, String?, Int?)]
    )
    func aShareOfTheTimeIsANumberOfProcessors(quota: String?, period: String?, count: Int?) {
        #expect(ControlGroup.processors(quota: quota, period: period) == count)
    }
}
