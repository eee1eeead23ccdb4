import CFlowmancerSystem
package import FlowmancerCore
import FoundationEssentials
import Glibc

extension HostResources {
    /// What this machine has for this process: containers, and the processors that it may use, limit that.
    package static func current() -> HostResources {
        HostResources(cpus: currentCPUs, memory: currentMemory, gpus: currentGPUs)
    }

    private static var currentCPUs: Int {
        let usable = Int(flowmancer_usable_processors())
        let count = usable > 0 ? usable : sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return max(1, min(count, ControlGroup.processors ?? count))
    }

    private static var currentMemory: Int {
        let installed = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return max(1, min(installed, ControlGroup.memory ?? installed))
    }

    private static var currentGPUs: [String] {
        if let visible = getenv("CUDA_VISIBLE_DEVICES").map({ String(systemText: $0) }) {
            return visibleGPUs(visible)
        }
        let devices = (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? []
        return gpus(amongDevices: devices)
    }

    /// The graphics processors that the variable of CUDA names. It ends at the first that there is not, such as -1.
    static func visibleGPUs(_ text: String) -> [String] {
        let names = text.split(separator: ",").map { name in String(name.filter { !$0.isWhitespace }) }
        var seen: Set<String> = []
        return names.prefix { !$0.isEmpty && !$0.hasPrefix("-") && $0 != "NoDevFiles" && seen.insert($0).inserted }
    }

    /// The numbers of the devices of NVIDIA's driver.
    static func gpus(amongDevices names: [String]) -> [String] {
        names.compactMap { name in name.hasPrefix("nvidia") ? Int(name.dropFirst(6)) : nil }.filter { $0 >= 0 }.sorted()
            .map { "\($0)" }
    }
}
