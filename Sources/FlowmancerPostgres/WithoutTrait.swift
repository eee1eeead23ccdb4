#if !Postgres
    /// Stands for the contents of this module where the package trait `Postgres` is not enabled: errors that
    /// `PostgresCheckpointer` is missing then say so. It is looked up by its name.
    public enum WithoutTrait {}
#endif
