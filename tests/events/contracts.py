"""What each event source wants back, written from AWS's documentation of it and from nothing of this project.

check(source, event, response, want) yields a line for each thing that is wrong; `want` is the event's entry of
expectations.json. classifications(value) yields what a response says of texts, in order, through the strings that hold
JSON.
"""
import base64
import json
import re

NUMBER = (int, float)


def opened(text):
    """The JSON in a string, plain or in base64; nothing where there is none."""
    for decode in (lambda t: t, lambda t: base64.b64decode(t, validate=True).decode()):
        try:
            value = json.loads(decode(text))
        except ValueError:
            continue
        if isinstance(value, (dict, list)):
            return value
    return None


def classifications(value):
    if isinstance(value, str):
        value = opened(value)
    if isinstance(value, list):
        for each in value:
            yield from classifications(each)
    elif isinstance(value, dict):
        if "label" in value and "confidence" in value:
            yield value
            return
        for each in value.values():
            yield from classifications(each)


def check_classification(found):
    """label, confidence, abstained, and the model's id, training_loss and training_accuracy."""
    if not (isinstance(found["label"], str) and found["label"]):
        yield f"label {found['label']!r}"
    if not 0 <= found["confidence"] <= 1:
        yield f"confidence {found['confidence']!r}"
    if not isinstance(found.get("abstained"), bool):
        yield f"abstained {found.get('abstained')!r}"
    if not re.fullmatch("[0-9a-f]{16}", str(found.get("model"))):
        yield f"model {found.get('model')!r}"
    if not (isinstance(found.get("training_loss"), NUMBER) and found["training_loss"] >= 0):
        yield f"training_loss {found.get('training_loss')!r}"
    if not (isinstance(found.get("training_accuracy"), NUMBER) and 0 <= found["training_accuracy"] <= 1):
        yield f"training_accuracy {found.get('training_accuracy')!r}"


def records_of(event):
    if isinstance(event, list):
        return event
    return event.get("Records") or event.get("records") or []


def identifiers(source, event):
    """What batchItemFailures may name."""
    records = records_of(event)
    if source == "sqs":
        return [record["messageId"] for record in records]
    if source == "kinesis":
        return [record["kinesis"]["sequenceNumber"] for record in records]
    if source == "dynamodb":
        return [record["dynamodb"]["SequenceNumber"] for record in records]
    return [{"partition": f"{record['topic']}-{record['partition']}", "offset": record["offset"]}
            for records in event["records"].values() for record in records]


def check_batch(source, event, response, want):
    known = identifiers(source, event)
    if len(known) != want["count"]:
        yield f"the event has {len(known)} records"
    if set(response) - {"batchItemFailures", "state"}:
        yield f"unknown keys: {sorted(response)}"
    failures = response.get("batchItemFailures")
    if not isinstance(failures, list) or any(set(failure) != {"itemIdentifier"} for failure in failures):
        yield f"batchItemFailures: {failures!r}"
        return
    failed = [failure["itemIdentifier"] for failure in failures]
    for identifier in failed:
        if identifier not in known or failed.count(identifier) > 1:
            yield f"itemIdentifier {identifier!r}: not in the event, or twice"
    order = lambda identifier: json.dumps(identifier, sort_keys=True)
    if sorted(failed, key=order) != sorted(want["failed"], key=order):
        yield f"failed {failed}, expected {want['failed']}"
    windowed = isinstance(event, dict) and "window" in event
    if windowed != ("state" in response):
        yield "state belongs to the answer of a window, and only there"
    elif windowed:
        state = response["state"]
        if not isinstance(state, dict) or len(json.dumps(state)) > 1 << 20:
            yield f"state {state!r}"
        elif state.get("records") != want["window_records"]:
            yield f"state.records {state.get('records')!r}, expected {want['window_records']}"


def check_firehose(source, event, response, want):
    sent, answered = event["records"], response.get("records", [])
    if [record["recordId"] for record in answered] != [record["recordId"] for record in sent]:
        yield "every recordId once, in order"
        return
    if [record["result"] for record in answered] != want["results"]:
        yield f"results {[record['result'] for record in answered]}, expected {want['results']}"
    for before, after in zip(sent, answered):
        data = "kafkaRecordValue" if "mskRecordMetadata" in before else "data"  # from Kafka, under its name there
        if set(after) - {"recordId", "result", data, "metadata"}:
            yield f"unknown keys: {sorted(after)}"
        if after["result"] != "Ok":
            if after.get(data) not in (None, before.get(data, "")):
                yield f"{after['recordId']}: what failed goes back as it came"
            continue
        text = base64.b64decode(after[data], validate=True).decode()
        if not text.endswith("\n") or any("label" not in json.loads(line) for line in text.splitlines()):
            yield f"{after['recordId']}: data is no line of JSON with a label: {text!r}"


def check_s3_batch(source, event, response, want):
    if set(response) != {"invocationSchemaVersion", "treatMissingKeysAs", "invocationId", "results"}:
        yield f"keys {sorted(response)}"
        return
    for name in ("invocationSchemaVersion", "invocationId"):
        if response[name] != event[name]:
            yield f"{name} {response[name]!r}"
    codes = {"Succeeded", "TemporaryFailure", "PermanentFailure"}
    if response["treatMissingKeysAs"] not in codes:
        yield f"treatMissingKeysAs {response['treatMissingKeysAs']!r}"
    if [result["taskId"] for result in response["results"]] != [task["taskId"] for task in event["tasks"]]:
        yield "every taskId once"
    for result in response["results"]:
        if set(result) != {"taskId", "resultCode", "resultString"} or result["resultCode"] not in codes:
            yield f"result {result}"
        elif result["resultCode"] == "Succeeded":
            yield "an object that nobody fetched cannot have been classified"


def check_ses(source, event, response, want):
    if response != {"disposition": want["disposition"]}:
        yield f"{response}"


def check_http(source, event, response, want):
    allowed = {"statusCode", "headers", "body", "isBase64Encoded", "multiValueHeaders", "statusDescription", "cookies"}
    if source == "api_gateway_rest":  # API Gateway answers 502 to any other key
        allowed -= {"statusDescription", "cookies"}
    if set(response) - allowed:
        yield f"unknown keys: {sorted(set(response) - allowed)}"
    if type(response.get("statusCode")) is not int or response["statusCode"] != want["http"]:
        yield f"statusCode {response.get('statusCode')!r}, expected {want['http']}"
    if not isinstance(response.get("body", ""), str) or response.get("isBase64Encoded") not in (None, False):
        yield "body is a string, and no base64"
    if source.startswith("vpc_lattice") and set(response) & {"multiValueHeaders", "cookies"}:
        yield "VPC Lattice knows headers alone"
    if source == "alb":
        if ("multiValueHeaders" in response) != ("multiValueHeaders" in event) or \
                ("headers" in response) != ("headers" in event):
            yield "multiValueHeaders or headers, as the request has them"
        if "statusDescription" in response and not re.fullmatch(r"\d{3} [A-Z].*", response["statusDescription"]):
            yield f"statusDescription {response['statusDescription']!r}"
    headers = {name.lower(): value for name, value in response.get("headers", {}).items()}
    headers.update({name.lower(): values[0] for name, values in response.get("multiValueHeaders", {}).items()})
    if not headers.get("content-type", "").startswith("application/json"):
        yield f"content-type {headers.get('content-type')!r}"
    body = json.loads(response["body"])
    found = list(classifications(body))
    if want["http"] >= 400:
        if found or not (isinstance(body, dict) and isinstance(body.get("error"), str) and body["error"]):
            yield f"a refusal has a reason and no label: {body}"
    elif want.get("skipped"):
        if found or not isinstance(body.get("skipped"), str):
            yield f"nothing to classify, and that said: {body}"
    elif not found and "labels" not in body:
        yield f"neither a label nor the model's card: {body}"


def check_websocket(source, event, response, want):
    """API Gateway's proxy integration for WebSocket APIs: any status but 2xx refuses a connection, a body answers a message."""
    if set(response) - {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}:
        yield f"unknown keys: {sorted(response)}"
    if type(response.get("statusCode")) is not int or response["statusCode"] != want["http"]:
        yield f"statusCode {response.get('statusCode')!r}, expected {want['http']}"
    if want.get("empty"):
        if response.get("body"):
            yield f"nobody reads {response['body']!r}"
        return
    body = json.loads(response["body"])
    if (want["http"] >= 400) != ("error" in body) or ("error" in body) == ("label" in body):
        yield f"a label or a reason: {body}"


def check_bedrock_agent(source, event, response, want):
    if response.get("messageVersion") != "1.0" or set(response) - {
            "messageVersion", "response", "sessionAttributes", "promptSessionAttributes", "knowledgeBasesConfiguration"}:
        yield f"envelope {sorted(response)}"
    for name in ("sessionAttributes", "promptSessionAttributes"):
        if response.get(name) != event.get(name):
            yield f"{name} {response.get(name)!r}: those of the session go back"
    inner = response["response"]
    if inner.get("actionGroup") != event["actionGroup"]:
        yield f"actionGroup {inner.get('actionGroup')!r}"
    if "apiPath" in event:
        if (inner.get("apiPath"), inner.get("httpMethod")) != (event["apiPath"], event["httpMethod"]):
            yield f"the action is named as it was called: {inner}"
        if inner.get("httpStatusCode") != (400 if want.get("refused") else 200):
            yield f"httpStatusCode {inner.get('httpStatusCode')!r}"
        said = inner["responseBody"]["application/json"]["body"]
    else:
        if inner.get("function") != event["function"]:
            yield f"function {inner.get('function')!r}"
        if inner["functionResponse"].get("responseState") != ("REPROMPT" if want.get("refused") else None):
            yield f"responseState {inner['functionResponse'].get('responseState')!r}"
        said = inner["functionResponse"]["responseBody"]["TEXT"]["body"]
    if not isinstance(said, str) or ("label" in json.loads(said)) == bool(want.get("refused")):
        yield f"says {said!r}"
    if len(json.dumps(response)) > 25000:
        yield "more than an agent takes"


def check_connect(source, event, response, want):
    """STRING_MAP: a flat object whose values are strings, read in a flow as $.External.NAME."""
    if any(not isinstance(value, str) for value in response.values()) or not {"label", "confidence"} <= set(response):
        yield f"a flat object of strings with a label: {response}"
    if any(not re.fullmatch("[A-Za-z0-9_-]+", name) for name in response):
        yield f"names {sorted(response)}"


def typed(flat):
    """A flat object of strings as the JSON that they spell."""
    return {name: value if name in ("label", "model") else json.loads(value) for name, value in flat.items()}


def check_lex(source, event, response, want):
    if "interpretations" in event:
        state = response.get("sessionState", {})
        if state.get("dialogAction", {}).get("type") not in ("Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot"):
            yield f"dialogAction {state.get('dialogAction')!r}"
        if state.get("intent", {}).get("name") != event["sessionState"]["intent"]["name"] or \
                state["intent"].get("state") not in ("Fulfilled", "Failed"):
            yield f"intent {state.get('intent')!r}"
        before, attributes = event["sessionState"]["sessionAttributes"], state.get("sessionAttributes", {})
        messages = response.get("messages")
        if not messages or any(set(m) != {"contentType", "content"} or m["contentType"] != "PlainText" for m in messages):
            yield f"messages {messages!r}"
        said = messages[0]["content"] if messages else ""
    else:
        action = response.get("dialogAction", {})
        if action.get("type") != "Close" or action.get("fulfillmentState") not in ("Fulfilled", "Failed"):
            yield f"dialogAction {action!r}"
        before, attributes = event["sessionAttributes"], response.get("sessionAttributes", {})
        said = action.get("message", {}).get("content", "")
        if action.get("message", {}).get("contentType") != "PlainText":
            yield f"message {action.get('message')!r}"
    if any(attributes.get(name) != value for name, value in before.items()):
        yield f"sessionAttributes that are not sent back are lost: {attributes}"
    if any(not isinstance(value, str) for value in attributes.values()):
        yield f"session attributes are strings: {attributes}"
    if want["labels"][0] not in said:
        yield f"says {said!r}, expected {want['labels'][0]}"


def check_appsync(source, event, response, want):
    if isinstance(event, list):
        if not isinstance(response, list) or len(response) != len(event):
            yield "a batch has an answer an item, in order"
    elif not isinstance(response, dict) or "label" not in response:
        yield f"a bare value with a label: {response}"


def check_appsync_events(source, event, response, want):
    if event["info"]["operation"] == "SUBSCRIBE":
        if response is not None:
            yield f"null lets a subscriber in: {response}"
        return
    if not isinstance(response, dict) or set(response) != {"events"}:
        yield f"an object with events alone: {response}"
        return
    if [answered.get("id") for answered in response["events"]] != [published["id"] for published in event["events"]]:
        yield "an answer for each event, by its id"
    failed = [answered["id"] for answered in response["events"] if "error" in answered]
    if failed != want.get("failed", []):
        yield f"failed {failed}, expected {want.get('failed', [])}"
    for answered in response["events"]:
        if set(answered) not in ({"id", "payload"}, {"id", "error"}):
            yield f"{answered.get('id')}: a payload or an error, not {sorted(answered)}"


def check_cognito(source, event, response, want):
    for name, value in event.items():
        if name != "response" and response.get(name) != value:
            yield f"{name}: the event goes back as it came"
    if set(response) != set(event):
        yield f"keys {sorted(response)}"
    if not all(item in response["response"].items() for item in event["response"].items()):
        yield f"response {response['response']}"


def check_scheduled(source, event, response, want):
    if not (isinstance(response.get("labels"), list) and len(response["labels"]) > 1
            and re.fullmatch("[0-9a-f]{16}", str(response.get("id")))
            and isinstance(response.get("training_loss"), NUMBER) and isinstance(response.get("training_accuracy"), NUMBER)):
        yield f"no health card: {response}"


def check_direct(source, event, response, want):
    if isinstance(event, list):
        if not isinstance(response, list) or len(response) != len(event):
            yield "a batch has an answer an element, in order"
    elif "status" not in response or response["status"] != response.get("label"):
        yield f"status is the predicted class: {response}"


def check_ignored(source, event, response, want):
    """The service reads nothing, destinations and people do: any JSON but a function's error."""
    if isinstance(response, dict) and "errorMessage" in response:
        yield f"{response['errorMessage']}"
    found = list(classifications(response))
    if "classified" in want and len(found) != want["classified"]:
        yield f"{len(found)} classifications, expected {want['classified']}"
    if source == "sns" and found and "status" not in found[0] and "status" not in response:
        yield "no status"


CHECKS = {"sqs": check_batch, "kinesis": check_batch, "dynamodb": check_batch, "kafka": check_batch,
          "firehose": check_firehose, "s3_batch": check_s3_batch, "ses": check_ses, "scheduled": check_scheduled,
          "api_gateway_rest": check_http, "http_api": check_http, "function_url": check_http, "alb": check_http,
          "api_gateway_websocket": check_websocket, "bedrock_agent": check_bedrock_agent, "connect": check_connect,
          "warmup": check_ignored, "vpc_lattice_v1": check_http, "vpc_lattice_v2": check_http,
          "lex": check_lex, "appsync": check_appsync, "appsync_events": check_appsync_events, "cognito": check_cognito, "direct": check_direct,
          "sns": check_ignored, "s3": check_ignored, "cloudwatch_logs": check_ignored, "eventbridge": check_ignored,
          "activemq": check_ignored, "rabbitmq": check_ignored, "documentdb": check_ignored}


def check(source, event, response, want):
    yield from CHECKS[source](source, event, response, want)
    if source == "connect":
        response = typed(response)
    found = list(classifications(response))
    for each in found:
        yield from check_classification(each)
    count = want.get("items", want.get("http_items"))
    if count is not None and len(found) != count:
        yield f"{len(found)} classifications, expected {count}"
    if want.get("skipped") and "classified" not in want and found:
        yield f"a text was found where there is none: {found}"
    if "status" in want and want["status"] not in json.dumps(response):
        yield f"status is not {want['status']}"
