import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

/// The job files that the original's description shows.
@Suite struct SeedExampleTests {
    @Test func basicJobLoads() throws {
        let job = try loadYAML(
            """
            version: 0.1

            # This entire config block is currently optional, however, it is recommended to at least
            # provide a unique name for each Job Definition YAML file, as this name is used for
            # checkpointing jobs in the event of failures.
            config:
              name: 'my-flowmancer-job'

            tasks:
              # No dependency - run right away
              # Add `parameters` key-value pairs for any required and optional task variables.
              succeed-task-a:
                task: WaitAndSucceed
                parameters:
                  my_required_string_var: "My First Task!"

              # No dependency - run right away
              succeed-task-b:
                task: ImmediatelySucceed

              # Only run if prior 2 tasks complete successfully
              final-fail-task:
                task: FailImmediately
                max_attempts: 3  # Retry up to 2 times on failure (1st exec + 2 retries = 3 attempts)
                dependencies:
                  - succeed-task-a
                  - succeed-task-b
            """
        )
        #expect(job.issues == [])
        var expected = JobDefinition(name: "my-flowmancer-job")
        expected.tasks["succeed-task-a"] = TaskDefinition(
            "WaitAndSucceed",
            parameters: ["my_required_string_var": "My First Task!"]
        )
        expected.tasks["succeed-task-b"] = TaskDefinition("ImmediatelySucceed")
        expected.tasks["final-fail-task"] = TaskDefinition("FailImmediately")
        expected.tasks["final-fail-task"]?.maxAttempts = 3
        expected.tasks["final-fail-task"]?.dependencies = ["succeed-task-a", "succeed-task-b"]
        #expect(job.definition == expected)
    }

    @Test func optionalConfigurationLoads() throws {
        let job = try loadYAML(
            """
            config:
              name: 'most-important-job'
              max_concurrency: 20
              extension_directories:
                - ./client_implementations
                - /opt/flowmancer/tasks
              extension_packages:
                - internal_flowmancer_package
            """
        )
        #expect(job.issues == [])
        #expect(job.definition.configuration.maxConcurrency == 20)
        #expect(
            job.definition.configuration.extensionDirectories == ["./client_implementations", "/opt/flowmancer/tasks"]
        )
        #expect(job.definition.configuration.extensionPackages == ["internal_flowmancer_package"])
    }

    @Test func loggersLoad() throws {
        let job = try loadYAML(
            """
            loggers:
              my-file-logger:
                logger: FileLogger
                parameters:
                  # NOTE: this path is relative to the `.py` file where `Flowmancer().start()` is invoked.
                  base_log_dir: ./my_custom_log_dir  # ./logs is the default, if omitted.
                  retention_days: 3  # 10 is the default, if omitted.

              # Load the default logger with default parameters
              default-logger:
                logger: FileLogger

              # Custom logger implementation
              slack-logger:
                logger: SlackMessageLogger
                parameters:
                  webhook: https://some.webhook.url
            """
        )
        #expect(job.issues == [])
        #expect(
            job.definition.loggers == [
                "my-file-logger": PluginDefinition(
                    "FileLogger",
                    parameters: ["base_log_dir": "./my_custom_log_dir", "retention_days": 3]
                ),
                "default-logger": PluginDefinition("FileLogger"),
                "slack-logger": PluginDefinition(
                    "SlackMessageLogger",
                    parameters: ["webhook": "https://some.webhook.url"]
                ),
            ]
        )
    }

    @Test func complexParametersLoad() throws {
        let job = try loadYAML(
            """
            tasks:
              download-file-one:
                task: DownloadDataFromRestApi
                parameters:
                  api_details:
                    # We leave out `protocol` because we want to just use the default `HTTPS` value.
                    base_url: www.some_data_api.com
                    endpoint: /v1/data/weather/today
                  target_dir: /data/todays_weather
                  # Override the default `target_filename` value given in the class implementation.
                  target_filename: weather.json
            """
        )
        #expect(job.issues == [])
        #expect(
            job.definition.tasks["download-file-one"]?.parameters == [
                "api_details": ["base_url": "www.some_data_api.com", "endpoint": "/v1/data/weather/today"],
                "target_dir": "/data/todays_weather",
                "target_filename": "weather.json",
            ]
        )
    }

    @Test func checkpointerLoads() throws {
        let job = try loadYAML(
            """
            checkpointer:
              checkpointer: DatabaseCheckpointer
              parameters:
                host: something
                port: 9999
                username: user
                password: 1234
            """
        )
        #expect(job.issues == [])
        #expect(
            job.definition.checkpointer
                == PluginDefinition(
                    "DatabaseCheckpointer",
                    parameters: ["host": "something", "port": 9999, "username": "user", "password": 1234]
                )
        )
    }
}
