@_exported public import ProgramTestSupport
