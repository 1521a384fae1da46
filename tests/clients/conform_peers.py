"""What textlambda-conform finds of other hosts, held against what is known of them: conform_peers.py PEER CARD.json...

Each finding was looked at by hand once. Of serverless-offline 13.10.1 by asking it the same with curl and reading the
answers: no headers of its own (version, request id, trace, log), an empty body for null, 500 for an event that is no JSON,
no size for events that wait, errorType "Error" for whatever is thrown; and after one timeout the function answers
"[504] - Lambda timeout." for ever, to a ping as well. Of @vercel/fun 1.3.6 in its source (runtime-server.js,
providers/native/index.js): a constant ARN, the constant 5000 for a deadline, no trace, no Content-Type, the id of an answer
never looked at, FunctionError always "Handled" but where a process ends, no limit to memory; an answer too many, to the
wrong id, as an init error or a second time, resolves what is null and ends the host.
"""
import json
import sys

FOUND = {
    "serverless_offline": {
        "fail": """
            invoke.executed_version invoke.request_id invoke.trace_id invoke.null_answer invoke.dry_run invoke.dry_run_version
            invoke.dry_run_runs_nothing invoke.tail invoke.tail_of_stderr invoke.tail_limit invoke.name_and_latest invoke.both_qualifiers
            invoke.tenant
            environment.paths environment.locale environment.credentials environment.initialization_type environment.runtime_api
            environment.execution_env environment.folder environment.request_id environment.function_arn environment.trace_id
            log.init_when_cold log.no_init_when_warm log.start log.end log.report log.order log.memory_size log.billed log.duration
            errors.not_found errors.no_such_version errors.invalid_json errors.cut_json errors.binary_event errors.invalid_utf8
            errors.invocation_type errors.name_pattern errors.qualifiers_differ errors.client_context_base64 errors.client_context_json
            errors.too_large errors.too_large_asynchronous errors.function_error errors.response_too_large
            crashes.timeout crashes.timeout_in_the_log crashes.timeout_restart crashes.timeout_keeps_tmp""",
        # It tells its functions no ARN, and nobody told how many may run.
        "skipped": "invoke.arn invoke.encoded_arn invoke.partial_arn invoke.arn_and_latest concurrency.throttled concurrency.limit",
        # A handler in a thread of the host: no process to end, no Runtime API.
        "not applicable": """
            http.after_dry_run log.peak_memory
            runtime.next runtime.accepted runtime.wrong_id runtime.unknown_path runtime.late_init_error runtime.too_large runtime.second_answer
            errors.function_error_bytes errors.function_error_without_type
            crashes.exit_0 crashes.exit_1 crashes.exit_127 crashes.signal crashes.memory crashes.error_members crashes.restart
            crashes.neighbour""",
    },
    "vercel_fun": {
        "fail": """
            environment.log environment.paths environment.credentials environment.initialization_type environment.execution_env
            environment.request_id environment.deadline environment.trace_id environment.client_context
            crashes.exit_0 crashes.exit_1 crashes.exit_127 crashes.signal crashes.memory crashes.error_members
            runtime.next runtime.accepted runtime.wrong_id""",
        # The deadline tells nothing.
        "skipped": """
            concurrency.throttled concurrency.limit
            crashes.timeout crashes.timeout_in_the_log crashes.timeout_restart crashes.timeout_keeps_tmp""",
        # The host ends behind wrong_id: whether these are asked is a matter of moments.
        "left out": "runtime.late_init_error runtime.too_large runtime.second_answer",
    },
}

peer = sys.argv[1]
left_out = FOUND[peer].pop("left out", "").split()
rows = {}
for card in sys.argv[2:]:
    with open(card) as file:
        rows.update({row["id"]: row for row in json.load(file)["rows"] if row["id"] not in left_out})
known = {row: verdict for verdict, names in FOUND[peer].items() for row in names.split()}
wrong = [f"{row}: {rows[row]['verdict'] if row in rows else 'not asked'}, known as {known.get(row, 'pass')}: "
         f"{rows.get(row, {}).get('got') or rows.get(row, {}).get('reason')}"
         for row in sorted(rows.keys() | known.keys()) if (rows[row]["verdict"] if row in rows else None) != known.get(row, "pass")]
print("\n".join(wrong) or f"{peer}: {sum(verdict == 'fail' for verdict in known.values())} of {len(rows)} rows fail, as is known")
sys.exit(bool(wrong))
