import Testing

@testable import FlowmancerSlurm

struct SlurmEnvironmentTests {
    @Test(arguments: [
        "PATH", "HOME", "LD_LIBRARY_PATH", "LC_ALL", "SLURM_CONF", "SBATCH_ACCOUNT", "MODULEPATH", "BASH_FUNC_module%%",
        "LMOD_CMD",
    ])
    func whatSlurmAndPilotsNeedIsKept(name: String) {
        #expect(SlurmEnvironment.isKept(name))
    }

    @Test(arguments: [
        "API_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "FLOWMANCER_RUN_ID", "SLURM_JOB_ID", "SLURM_MEM_PER_NODE",
        "SLURM_ARRAY_TASK_ID", "SQUEUE_STATES", "SCANCEL_INTERACTIVE", "SBATCH_WAIT", "SBATCH_ERROR", "LOADEDMODULES",
        "PATHS", "lc_all", "",
    ])
    func everythingElseIsRemoved(name: String) {
        #expect(!SlurmEnvironment.isKept(name))
        #expect(SlurmEnvironment.changes(from: [name, "PATH"]) == [name: nil])
    }
}
