import FlowmancerCore

/// Who executes the attempts of a run. Tells a ``WorkerPoolDelegate`` what becomes of them. Used on the event loop only.
protocol AttemptPool: AnyObject {
    /// Gets ready for the first attempt.
    func open()
    /// Ends everything.
    func shutDown()
    /// Takes an attempt, to begin it when that is admitted.
    func submit(_ assignment: Assignment, _ admission: Admission)
    /// Admits an attempt that was submitted behind another.
    func admit(task: Int)
    /// Forgets an attempt that nobody has taken up.
    func withdraw(task: Int)
    /// Tells an attempt to end, whether it was begun or not.
    ///
    /// - Parameter patience: The time after which its ending is performed on a fresh instance.
    func cancel(task: Int, endingAfter patience: Duration)
    /// Kills a running attempt with everything that it started.
    func kill(task: Int, remark: String)
    /// Takes in the reports that wait for slow loggers: an attempt that has reported its end no longer runs.
    func takeReports()
    /// The attempt of a task that is under way.
    func assignment(of task: Int) -> Assignment?
    /// Whether an attempt of a task is executed and has not reported its end.
    func isUnderWay(task: Int) -> Bool
    /// The machine that executes the attempt of a task; `nil` for the machine of the engine.
    func machine(of task: Int) -> String?
    /// Stops or resumes reading what tasks write.
    func pauseOutput(_ isPaused: Bool)
    /// Sends what was queued in this turn of the loop.
    func flush()
}
