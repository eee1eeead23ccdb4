/// A database of checkpoints of before there were histories, as the version of then left it.
///
/// The job `nightly` succeeded, was killed, was aborted, and was continued until it succeeded; `other` was killed after a task
/// of it had failed.
enum FormerDatabase {
    static let sql = #"""
        BEGIN TRANSACTION;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES('runs');
        INSERT INTO grdb_migrations VALUES('job files');
        INSERT INTO grdb_migrations VALUES('run ids and decisions');
        INSERT INTO grdb_migrations VALUES('outputs');
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL,
            is_restart INTEGER NOT NULL CHECK (is_restart IN (0, 1)),
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'aborted', 'interrupted'))
        , run_id TEXT) STRICT;
        INSERT INTO runs VALUES(1,'nightly',0,'elsewhere',15820,'2026-12-01 05:04:01.211',
            '2026-12-01 05:04:01.335','succeeded','01a22ffd-065f-7a89-9168-2090cfc6d411');
        INSERT INTO runs VALUES(2,'nightly',0,'elsewhere',15854,'2026-12-01 05:04:02.052',NULL,'interrupted',
            '01a22ffd-09cf-7e46-8872-68ab0bdd486e');
        INSERT INTO runs VALUES(3,'nightly',0,'elsewhere',15898,'2026-12-01 05:04:03.239',
            '2026-12-01 05:04:03.859','aborted','01a22ffd-0e57-7d4a-9a72-9ad305db0a6f');
        INSERT INTO runs VALUES(4,'nightly',0,'elsewhere',15945,'2026-12-01 05:04:04.616',
            '2026-12-01 05:04:04.711','succeeded','01a22ffd-13bb-782f-8cba-9afbc8707681');
        INSERT INTO runs VALUES(5,'other',0,'elsewhere',15978,'2026-12-01 05:04:05.363',NULL,NULL,
            '01a22ffd-16af-744e-89bc-d733ed57e4d9');
        CREATE TABLE tasks (
            run INTEGER NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            started_at TEXT,
            ended_at TEXT,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO tasks VALUES(1,'fetch','completed',1,'2026-12-01 05:04:01.271','2026-12-01 05:04:01.272',
            2679893758);
        INSERT INTO tasks VALUES(1,'load','completed',1,'2026-12-01 05:04:01.280','2026-12-01 05:04:01.284',
            494135162);
        INSERT INTO tasks VALUES(1,'report','completed',1,'2026-12-01 05:04:01.306','2026-12-01 05:04:01.311',
            3586177092);
        INSERT INTO tasks VALUES(1,'wait','completed',1,'2026-12-01 05:04:01.280','2026-12-01 05:04:01.295',
            3939756200);
        INSERT INTO tasks VALUES(2,'fetch','completed',1,'2026-12-01 05:04:02.099','2026-12-01 05:04:02.107',
            2140572191);
        INSERT INTO tasks VALUES(2,'load','completed',1,'2026-12-01 05:04:02.124','2026-12-01 05:04:02.139',
            244025225);
        INSERT INTO tasks VALUES(2,'report','initial',0,NULL,NULL,3352446092);
        INSERT INTO tasks VALUES(2,'wait','running',1,'2026-12-01 05:04:02.124',NULL,3237352142);
        INSERT INTO tasks VALUES(3,'fetch','completed',1,'2026-12-01 05:04:03.319','2026-12-01 05:04:03.330',
            544364096);
        INSERT INTO tasks VALUES(3,'load','completed',1,'2026-12-01 05:04:03.346','2026-12-01 05:04:03.360',
            4236741239);
        INSERT INTO tasks VALUES(3,'report','pending',0,NULL,NULL,3841175349);
        INSERT INTO tasks VALUES(3,'wait','aborted',1,'2026-12-01 05:04:03.346','2026-12-01 05:04:03.827',
            1664509343);
        INSERT INTO tasks VALUES(4,'fetch','completed',0,NULL,NULL,3122672940);
        INSERT INTO tasks VALUES(4,'load','completed',0,NULL,NULL,695944815);
        INSERT INTO tasks VALUES(4,'report','completed',1,'2026-12-01 05:04:04.691','2026-12-01 05:04:04.692',
            3876434627);
        INSERT INTO tasks VALUES(4,'wait','completed',1,'2026-12-01 05:04:04.675','2026-12-01 05:04:04.683',
            3738913213);
        INSERT INTO tasks VALUES(5,'fetch','completed',1,'2026-12-01 05:04:05.405','2026-12-01 05:04:05.423',
            3854887283);
        INSERT INTO tasks VALUES(5,'load','failed',2,'2026-12-01 05:04:05.443','2026-12-01 05:04:05.447',
            3308047227);
        INSERT INTO tasks VALUES(5,'report','defaulted',0,NULL,NULL,2131140602);
        INSERT INTO tasks VALUES(5,'wait','running',1,'2026-12-01 05:04:05.427',NULL,1762578157);
        CREATE TABLE checkpoints (
            job TEXT PRIMARY KEY NOT NULL,
            run INTEGER NOT NULL,
            tasks INTEGER NOT NULL,
            fingerprints INTEGER NOT NULL,
            checksum INTEGER NOT NULL
        , job_file TEXT, run_id TEXT) STRICT, WITHOUT ROWID;
        INSERT INTO checkpoints VALUES('other',5,4,4,1145619311,'/srv/jobs/other.yaml',
            '01a22ffd-16af-744e-89bc-d733ed57e4d9');
        CREATE TABLE shared_values (
            run INTEGER NOT NULL,
            key TEXT NOT NULL,
            json TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            UNIQUE (run, key)
        ) STRICT;
        CREATE TABLE fingerprints (
            run INTEGER NOT NULL,
            name TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO fingerprints VALUES(5,'fetch','ca582dcb4c798559',2719201074);
        INSERT INTO fingerprints VALUES(5,'load','d805b9ae772642ad',1701980494);
        INSERT INTO fingerprints VALUES(5,'report','7e206c1a41f4a6ba',2639102231);
        INSERT INTO fingerprints VALUES(5,'wait','881c620a44beb4d1',769789820);
        CREATE TABLE decisions (
            run INTEGER NOT NULL,
            name TEXT NOT NULL,
            json TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE outputs (
            run INTEGER NOT NULL,
            name TEXT NOT NULL,
            json TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            UNIQUE (run, name)
        ) STRICT;
        DELETE FROM sqlite_sequence;
        INSERT INTO sqlite_sequence VALUES('runs',5);
        CREATE INDEX runs_of_job ON runs (job, id);
        CREATE VIEW run_summaries AS
            SELECT id, job, started_at, ended_at, outcome,
                round((julianday(ended_at) - julianday(started_at)) * 86400, 3) AS seconds,
                count(tasks.name) AS tasks,
                count(*) FILTER (WHERE state = 'completed') AS completed,
                count(*) FILTER (WHERE state = 'failed') AS failed,
                count(*) FILTER (WHERE state = 'defaulted') AS defaulted,
                count(*) FILTER (WHERE state = 'aborted') AS aborted,
                count(*) FILTER (WHERE state = 'skipped') AS skipped
            FROM (SELECT id, job, started_at, ended_at, outcome FROM runs) LEFT JOIN
                (SELECT run, name, state FROM tasks) AS tasks ON tasks.run = id
            GROUP BY id ORDER BY id;
        COMMIT;
        PRAGMA application_id = 1179406167;
        """#
}
