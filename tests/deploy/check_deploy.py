#!/usr/bin/env python3
"""Checks deploy/ and the commands of docs/deploy.md without AWS. Usage: check_deploy.py ROOT_OF_THE_PROJECT

The template: every reference leads somewhere, properties are spelt as in AWS's resource specification, policies name
their actions. The commands: each `aws` line of the page is run through the real CLI with dummy keys and an endpoint
where nobody listens. One that is wrong fails before that with a usage or validation error; a good one with a refused
connection.
"""
import contextlib
import copy
import fnmatch
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import awscli.clidriver
import yaml

ROOT = pathlib.Path(sys.argv[1]).resolve()
failures = []


def check(name, good, detail=""):
    print(f"{'ok  ' if good else 'FAIL'} {name}")
    if not good:
        failures.append(name)
        print("     " + str(detail)[:2000])


# ---------------------------------------------------------------- the template

class Tagged(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: !GetAtt a.b is {"Fn::GetAtt": ["a", "b"]}."""


def short_tag(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Tagged.add_multi_constructor("!", short_tag)

# The properties that the template may use, as AWS's resource specification and SAM's spell them.
PROPERTIES = {
    "AWS::Serverless::Function": {
        "Architectures", "AutoPublishAlias", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256", "CodeUri",
        "DeadLetterQueue", "DeploymentPreference", "Description", "Environment", "EphemeralStorage", "EventInvokeConfig",
        "Events", "FileSystemConfigs", "FunctionName", "FunctionUrlConfig", "Handler", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize",
        "ProvisionedConcurrencyConfig", "ReservedConcurrentExecutions", "Role", "Runtime", "Tags", "Timeout", "Tracing",
        "VersionDescription", "VpcConfig"},
    "AWS::IAM::Role": {
        "AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration", "Path",
        "PermissionsBoundary", "Policies", "RoleName", "Tags"},
    "AWS::IAM::Policy": {"Groups", "PolicyDocument", "PolicyName", "Roles", "Users"},
    "AWS::Logs::LogGroup": {"DataProtectionPolicy", "KmsKeyId", "LogGroupClass", "LogGroupName", "RetentionInDays", "Tags"},
    "AWS::SQS::Queue": {
        "ContentBasedDeduplication", "DeduplicationScope", "DelaySeconds", "FifoQueue", "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod", "QueueName",
        "ReceiveMessageWaitTimeSeconds", "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled", "Tags",
        "VisibilityTimeout"},
    "AWS::CloudWatch::Alarm": {
        "ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmName", "ComparisonOperator", "DatapointsToAlarm",
        "Dimensions", "EvaluationPeriods", "InsufficientDataActions", "MetricName", "Namespace", "OKActions", "Period",
        "Statistic", "Tags", "Threshold", "TreatMissingData", "Unit"},
}
EVENT_PROPERTIES = {
    "SQS": {"BatchSize", "Enabled", "FilterCriteria", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "Queue",
            "ScalingConfig"},
    "Schedule": {"DeadLetterConfig", "Description", "Enabled", "Input", "Name", "RetryPolicy", "RoleArn", "Schedule",
                 "State"},
}
CORS_PROPERTIES = {"AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge"}
# What Fn::GetAtt gives.
ATTRIBUTES = {
    "AWS::Serverless::Function": {"Arn"},
    "AWS::IAM::Role": {"Arn", "RoleId"},
    "AWS::Logs::LogGroup": {"Arn"},
    "AWS::SQS::Queue": {"Arn", "QueueName", "QueueUrl"},
    "AWS::CloudWatch::Alarm": {"Arn"},
    "AWS::Lambda::Url": {"FunctionArn", "FunctionUrl"},
}
PSEUDO = {"AWS::NoValue", "AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}
RETENTIONS = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
SETTINGS = {"TEXTLAMBDA_MODEL", "TEXTLAMBDA_MODEL_REFRESH", "TEXTLAMBDA_TEXT_POINTERS", "TEXTLAMBDA_TOP_K", "TEXTLAMBDA_ABSTAIN_THRESHOLD",
            "TEXTLAMBDA_LOG_LEVEL", "TEXTLAMBDA_LOG_TEXT", "TEXTLAMBDA_METRICS", "TEXTLAMBDA_METRICS_NAMESPACE",
            "TEXTLAMBDA_LOW_CONFIDENCE", "TEXTLAMBDA_CAPTURE", "TEXTLAMBDA_CAPTURE_REDACT", "TEXTLAMBDA_CORS_ORIGIN"}


def functions_in(value):
    """Each intrinsic function in a value: (name, argument)."""
    if isinstance(value, list):
        for each in value:
            yield from functions_in(each)
    elif isinstance(value, dict):
        # A resource has a member Condition too, among others.
        if len(value) == 1 and (next(iter(value)) in ("Ref", "Condition") or next(iter(value)).startswith("Fn::")):
            yield next(iter(value.items()))
        for each in value.values():
            yield from functions_in(each)


def wrong_reference(function, argument, template):
    """Why an intrinsic function leads nowhere; nothing where it is good."""
    resources = {name: each["Type"] for name, each in template["Resources"].items()}
    for name, each in template["Resources"].items():  # what SAM makes of a function
        if each["Type"] == "AWS::Serverless::Function" and "FunctionUrlConfig" in each["Properties"]:
            resources[name + "Url"] = "AWS::Lambda::Url"
    names = set(resources) | set(template["Parameters"]) | PSEUDO | {
        name + ".Alias" for name, each in template["Resources"].items() if "AutoPublishAlias" in each["Properties"]}
    if function == "Ref":
        return None if argument in names else f"Ref {argument}"
    if function == "Fn::GetAtt":
        known = ATTRIBUTES.get(resources.get(argument[0]), set())
        return None if argument[1] in known else f"GetAtt {argument}"
    if function == "Fn::Sub":
        for name in re.findall(r"\$\{([^!}]+)\}", argument):
            whole = name.split(".", 1)
            if name not in names and not (len(whole) == 2 and wrong_reference("Fn::GetAtt", whole, template) is None):
                return f"Sub {name}"
        return None
    if function == "Fn::If":
        return None if argument[0] in template["Conditions"] and len(argument) == 3 else f"If {argument[0]}"
    if function == "Condition":
        return None if argument in template["Conditions"] else f"Condition {argument}"
    return None if function in ("Fn::Equals", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Split") else f"{function} is not expected"


def chosen(value, conditions):
    """A value with its Fn::If resolved by what holds of the conditions; what is left out by AWS::NoValue is gone."""
    if isinstance(value, list):
        return [each for each in (chosen(each, conditions) for each in value) if each is not None]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"}:
        condition, then, otherwise = value["Fn::If"]
        return chosen(then if conditions[condition] else otherwise, conditions)
    if value == {"Ref": "AWS::NoValue"}:
        return None
    kept = {name: chosen(each, conditions) for name, each in value.items()}
    return {name: each for name, each in kept.items() if each is not None}


NO_LOOP = {"HasLoop": False, "HasStoreInS3": False, "HasStoreOnEfs": False, "HasRetrainTest": False, "HasCors": False}
LOOPS = {"S3": {**NO_LOOP, "HasLoop": True, "HasStoreInS3": True}, "EFS": {**NO_LOOP, "HasLoop": True, "HasStoreOnEfs": True}}


def check_policy(name, policy):
    for statement in policy["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resources = statement.get("Resource", [])
        resources = [resources] if isinstance(resources, (str, dict)) else resources
        check(f"{name}: actions are named", all(re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action) for action in actions), actions)
        # A function in a VPC has its network interfaces made by whoever it is; AWS names no resource for them.
        network = {f"ec2:{verb}NetworkInterface{s}" for verb, s in (("Create", ""), ("Describe", "s"), ("Delete", ""))}
        check(f"{name}: a resource is not everything", "*" not in resources or set(actions) == network, resources)
        if any(action.startswith("elasticfilesystem:") for action in actions):
            check(f"{name}: by the one access point", set(statement["Condition"]["StringEquals"]) == {"elasticfilesystem:AccessPointArn"})
    check(f"{name}: version", policy["Version"] == "2012-10-17" and
          all(each["Effect"] == "Allow" for each in policy["Statement"]))


def check_template():
    template = yaml.load((ROOT / "deploy" / "template.yaml").read_text(), Tagged)
    check("sections", set(template) == {"AWSTemplateFormatVersion", "Transform", "Description", "Parameters",
                                        "Rules", "Conditions", "Resources", "Outputs"}
          and template["AWSTemplateFormatVersion"] == "2010-09-09" and template["Transform"] == "AWS::Serverless-2016-10-31")
    for function, argument in functions_in(template):
        wrong = wrong_reference(function, argument, template)
        check(f"{function} {argument}", wrong is None, wrong)
    used = {argument for function, argument in functions_in(template) if function == "Ref"}
    check("every parameter is used", set(template["Parameters"]) <= used, set(template["Parameters"]) - used)
    for name, parameter in template["Parameters"].items():
        allowed = parameter.get("AllowedValues", [])
        check(f"parameter {name}", parameter["Type"] in ("String", "Number")
              and ("Default" not in parameter or not allowed or parameter["Default"] in allowed)
              and all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in allowed)
              and (not isinstance(parameter.get("Default"), str) or
                   re.search(parameter.get("AllowedPattern", ""), parameter["Default"]) is not None), parameter)
    for name, resource in template["Resources"].items():
        unknown = set(resource["Properties"]) - PROPERTIES.get(resource["Type"], set())
        check(f"properties of {name}", resource["Type"] in PROPERTIES and not unknown, unknown)

    function = template["Resources"]["Classifier"]["Properties"]
    check("runtime", function["Runtime"] == "provided.al2023" and function["Handler"] == "bootstrap"
          and function["Architectures"] == [{"Ref": "Architecture"}]
          and template["Parameters"]["Architecture"]["AllowedValues"] == ["x86_64", "arm64"])
    url = function["FunctionUrlConfig"]
    check("a signed URL", set(url) == {"AuthType", "Cors"} and url["AuthType"] == "AWS_IAM")
    condition, cors, otherwise = url["Cors"]["Fn::If"]
    check("which answers preflights itself", condition == "HasCors" and otherwise == {"Ref": "AWS::NoValue"}
          and set(cors) <= CORS_PROPERTIES and set(cors["AllowMethods"]) <= {"GET", "HEAD", "PATCH", "POST", "PUT", "DELETE"}
          and {"authorization", "content-type"} <= set(cors["AllowHeaders"]) and cors["MaxAge"] <= 86400, cors)
    for origins, good in (("", True), ("*", True), ("https://app.example", True), ("https://a.example,http://localhost:3000", True),
                          ("app.example", False), ("https://a.example/", False), ("https://a.example, https://b.example", False)):
        found = re.search(template["Parameters"]["CorsOrigin"]["AllowedPattern"], origins) is not None
        check(f"CorsOrigin {origins!r}", found == good)
    unknown = set(function["Environment"]["Variables"]) - SETTINGS
    check("settings", not unknown, unknown)
    for name, event in function["Events"].items():
        unknown = set(event["Properties"]) - EVENT_PROPERTIES[event["Type"]]
        check(f"properties of event {name}", not unknown, unknown)
    events = {event["Type"]: event["Properties"] for event in function["Events"].values()}
    check("the queue reports failures", events["SQS"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"])
    check("a schedule", re.fullmatch(r"rate\(\d+ (minute|hour|day)s?\)", events["Schedule"]["Schedule"]) is not None)
    queue = template["Resources"][events["SQS"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
    check("a dead-letter queue", queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][1] == "Arn"
          and queue["VisibilityTimeout"] >= 6 * function["Timeout"])
    check("retention", set(template["Parameters"]["LogRetentionDays"]["AllowedValues"]) <= RETENTIONS
          and template["Resources"]["LogGroup"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"})
    check_role(template)
    check_settings_reach_live(template)
    check_loop(template)


def check_loop(template):
    """Off without a store; with one, a function that retrains by a schedule and a queue, with limits to its retries."""
    resources = template["Resources"]
    of_loop = {name for name, each in resources.items() if each.get("Condition") == "HasLoop"}
    conditions, parameters = template["Conditions"], template["Parameters"]
    check("the loop is off by its parameters", set(NO_LOOP) == set(conditions) and conditions["HasLoop"] == {"Fn::Or": [
              {"Condition": "HasStoreInS3"}, {"Condition": "HasStoreOnEfs"}]}
          and all(conditions[name] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]} and parameters[parameter]["Default"] == ""
                  for name, parameter in (("HasStoreInS3", "StoreBucket"), ("HasStoreOnEfs", "StoreAccessPoint"),
                                          ("HasRetrainTest", "RetrainTest"))) and of_loop == {
              "Retrainer", "RetrainRole", "RetrainLogGroup", "FeedbackQueue", "RetrainDeadLetterQueue", "RetrainAlarm"}, of_loop)
    for name, each in [*resources.items(), *template["Outputs"].items()]:
        inner = each.get("Properties", each.get("Value"))
        reaches = {argument if function == "Ref" else argument[0] for function, argument in functions_in(inner) if function in ("Ref", "Fn::GetAtt")}
        check(f"{name} needs nothing of a loop that is off", each.get("Condition") == "HasLoop" or not reaches & of_loop, reaches & of_loop)
    loop = resources["Retrainer"]["Properties"]
    read = ROOT / "lib/textlambda/loop/configuration.cpp"
    known = set(re.findall(r'"(TEXTLAMBDA_[A-Z_]+)"', read.read_text()))
    check("settings of the one that retrains", set(loop["Environment"]["Variables"]) <= known, set(loop["Environment"]["Variables"]) - known)
    for name, event in loop["Events"].items():
        unknown = set(event["Properties"]) - EVENT_PROPERTIES[event["Type"]]
        check(f"properties of event {name}", not unknown, unknown)
    feedback, rounds = loop["Events"]["Feedback"]["Properties"], loop["Events"]["Rounds"]["Properties"]
    queue = resources[feedback["Queue"]["Fn::GetAtt"][0]]["Properties"]
    check("feedback reports failures and ends as dead letters", feedback["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
          and queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["RetrainDeadLetterQueue", "Arn"]}
          and queue["RedrivePolicy"]["maxReceiveCount"] <= 5 and queue["VisibilityTimeout"] >= 6 * loop["Timeout"], queue)
    invoke = loop["EventInvokeConfig"]
    check("retries are limited, and failures are told", invoke["MaximumRetryAttempts"] <= 2 and rounds["RetryPolicy"]["MaximumRetryAttempts"] <= 2
          and invoke["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["RetrainDeadLetterQueue", "Arn"]}, invoke)
    without = chosen(resources["Classifier"]["Properties"], NO_LOOP)
    check("without a loop, no store", not {"VpcConfig", "FileSystemConfigs"} & set(without) and
          without["Environment"]["Variables"]["TEXTLAMBDA_MODEL"] == "" and
          len(chosen(resources["ExecutionRole"]["Properties"]["Policies"], NO_LOOP)) == 1)
    for kind, holds in LOOPS.items():
        loop, classifier = (chosen(resources[name]["Properties"], holds) for name in ("Retrainer", "Classifier"))
        place = {"S3": {"Fn::Sub": "s3://${StoreBucket}/${StorePrefix}/models"}, "EFS": "/mnt/store/models"}[kind]
        beside = json.loads(json.dumps(place).replace("/models", "/test.csv"))
        check(f"{kind}: one store", loop["Environment"]["Variables"]["TEXTLAMBDA_STORE"] == place and
              classifier["Environment"]["Variables"]["TEXTLAMBDA_MODEL"] == json.loads(json.dumps(place).replace("/models", "/models/current"))
              and loop["Environment"]["Variables"]["TEXTLAMBDA_TEST"] == beside, loop["Environment"])
        mount = [{"Arn": {"Ref": "StoreAccessPoint"}, "LocalMountPath": "/mnt/store"}]
        for name, each in (("Retrainer", loop), ("Classifier", classifier)):
            check(f"{kind}: {name} mounts it, and has a network, where it is a file system's",
                  each.get("FileSystemConfigs") == (mount if kind == "EFS" else None) and ("VpcConfig" in each) == (kind == "EFS"), each)
        (policy,) = chosen(resources["RetrainRole"]["Properties"]["Policies"], holds)
        file_name = "retrain-role-policy-s3.json" if kind == "S3" else "retrain-role-policy.json"
        file = json.loads((ROOT / "deploy" / file_name).read_text())
        check(f"{kind}: the role's actions are those of {file_name}",
              [(each["Sid"], each["Action"]) for each in policy["PolicyDocument"]["Statement"]] ==
              [(each["Sid"], each["Action"]) for each in file["Statement"]])
        check_policy(f"{kind}: the one that retrains", policy["PolicyDocument"])
        # In the role itself: a policy of its own could come behind the function that needs it.
        _, reading = chosen(resources["ExecutionRole"]["Properties"]["Policies"], holds)
        check_policy(f"{kind}: the reading of the store", reading["PolicyDocument"])
        check(f"{kind}: the classifier writes no store", not re.search("Write|Put|Delete", json.dumps(
            [each["Action"] for each in reading["PolicyDocument"]["Statement"] if each["Sid"] != "UseNetwork"])))
        if kind == "S3":
            (readable,) = (each["Resource"] for each in reading["PolicyDocument"]["Statement"] if each["Action"] == "s3:GetObject")
            patterns = [arn["Fn::Sub"].partition("/")[2].replace("${StorePrefix}", "p") for arn in readable]
            reads = {key: any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)
                     for key in ("p/models/current", "p/models/models/0123.tlm", "p/models/feedback/0123.jsonl", "p/models/ledger.jsonl",
                                 "p/test.csv")}
            check("S3: the classifier reads models, and no texts", list(reads.values()) == [True, True, False, False, False], reads)
    floor, one = template["Rules"]["LoopNeedsFloor"], template["Rules"]["LoopHasOneStore"]
    check("a loop without a floor for its first model is refused", floor["RuleCondition"] == {
              "Fn::Or": [conditions["HasStoreInS3"], conditions["HasStoreOnEfs"]]}
          and floor["Assertions"][0]["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "RetrainMin"}, ""]}]}, floor)
    check("and one with two stores", one["Assertions"][0]["Assert"] == {"Fn::Or": [
        {"Fn::Equals": [{"Ref": "StoreBucket"}, ""]}, {"Fn::Equals": [{"Ref": "StoreAccessPoint"}, ""]}]}, one)


# ---------------------------------------------------------------- what a changed parameter comes to

def resolved(value, parameters):
    """A value with its references to parameters filled in; what refers to anything else stays as it is."""
    if isinstance(value, list):
        return [resolved(each, parameters) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"} and value["Ref"] in parameters:
        return parameters[value["Ref"]]
    if set(value) == {"Fn::Sub"}:
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(parameters.get(found.group(1), found.group(0))), value["Fn::Sub"])
    return {name: resolved(each, parameters) for name, each in value.items()}


def versions_of(template, parameters):
    """The ids of the versions that a stack with these parameters has; another id is another version. SAM's AutoPublishAlias
    makes them of a hash of CodeUri, with its parameters filled in, and with AutoPublishAliasAllProperties of the other
    properties as they stand in the template."""
    versions = set()
    for name, resource in template["Resources"].items():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::Serverless::Function" and "AutoPublishAlias" in properties:
            hashed = {"CodeUri": resolved(properties["CodeUri"], parameters)}
            if properties.get("AutoPublishAliasAllProperties"):
                hashed.update({other: value for other, value in properties.items() if other != "CodeUri"})
            versions.add(name + "Version" + hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()[:10])
    return versions


def other_value(parameter, value):
    """Another value that the parameter takes."""
    allowed = [each for each in parameter.get("AllowedValues", []) if each != value]
    if allowed:
        return allowed[-1]
    if parameter["Type"] == "Number":
        return parameter["MaxValue"]
    return next(each for each in ("another", "0.25", "https://another.example", "subnet-0a,subnet-0b", "sg-0a",
                                  "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0a")
                if re.search(parameter.get("AllowedPattern", ""), each))


def settings_left_behind(template):
    """Parameters of the function whose change makes no other version, so that the alias stays where it was."""
    parameters = template["Parameters"]
    before = {name: parameter.get("Default", "first") for name, parameter in parameters.items()}
    function = template["Resources"]["Classifier"]
    used = {argument for kind, argument in functions_in(function["Properties"]) if kind == "Ref" and argument in parameters}
    return [name for name in sorted(used)
            if versions_of(template, {**before, name: other_value(parameters[name], before[name])})
            == versions_of(template, before)]


def check_settings_reach_live(template):
    """By the rules of versions_of: SAM's translator itself is no package of Debian's."""
    function = template["Resources"]["Classifier"]["Properties"]
    check("live is the function's alias", function["AutoPublishAlias"] == "live"
          and function["AutoPublishAliasAllProperties"] is True)
    left = settings_left_behind(template)
    check("every setting makes a version, which live points to", left == [], left)
    index, keys = function["CodeUri"]["Key"]["Fn::Select"]
    check("the zip's key is CodeKey", keys[index] == {"Ref": "CodeKey"}, keys)

    # The checks themselves.
    plain = copy.deepcopy(template)
    plain["Resources"]["Classifier"]["Properties"]["CodeUri"]["Key"] = {"Ref": "CodeKey"}
    left = settings_left_behind(plain)
    check("without the list all but the zip would be left behind", "LogLevel" in left and "MemorySize" in left
          and "CodeKey" not in left, left)
    fixed = copy.deepcopy(template)
    fixed["Resources"]["Classifier"]["Properties"]["Timeout"] += 1
    check("what is fixed in the template makes one too", versions_of(fixed, {}) != versions_of(template, {}))


def check_role(template):
    role = template["Resources"]["ExecutionRole"]["Properties"]
    policy = role["Policies"][0]
    inline = policy["PolicyDocument"]
    file = json.loads((ROOT / "deploy" / "execution-role-policy.json").read_text())
    check("no managed policies", "ManagedPolicyArns" not in role)
    check("the role's actions are those of execution-role-policy.json",
          [(each["Sid"], each["Action"]) for each in inline["Statement"]] ==
          [(each["Sid"], each["Action"]) for each in file["Statement"]])
    trust = json.loads((ROOT / "deploy" / "trust-policy.json").read_text())
    check("Lambda alone may take the role", trust["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        and role["AssumeRolePolicyDocument"]["Statement"] == trust["Statement"])
    check_policy("template", inline)
    for name in ("execution-role-policy.json", "retrain-role-policy.json", "retrain-role-policy-s3.json", "caller-policy.json", "stream-policy.json", "trust-policy.json"):
        check_policy(name, json.loads((ROOT / "deploy" / name).read_text()))


# ---------------------------------------------------------------- the page

def commands_of(page):
    """The commands in its sh blocks, continued lines joined."""
    for block in re.findall(r"```sh\n(.*?)```", page, re.S):
        yield from (line for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.strip())


def aws_calls(command):
    """The calls of aws in a command, also within $( )."""
    inner = re.search(r"\$\((aws .*)\)$", command)
    if inner:
        yield inner.group(1)
    elif command.startswith("aws "):
        yield command.split(" > ")[0]


VARIABLES = {
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "dummy", "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1",
    "FUNCTION": "tickets", "ACCOUNT": "123456789012", "BUCKET": "my-deployments",
    "ACCESS_POINT_ARN": "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0",
    "SUBNETS": "subnet-0123456789abcdef0,subnet-0fedcba9876543210", "SECURITY_GROUP": "sg-0123456789abcdef0",
    "RETRAIN_KEY": "textlambda/0011223344556677.zip", "CODE_KEY": "textlambda/8899aabbccddeeff.zip", "STORE_BUCKET": "my-models",
    "FEEDBACK_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/tickets-FeedbackQueue-0A1B2C",
    "KEY": "textlambda/0123456789abcdef.zip", "PREVIOUS_KEY": "textlambda/fedcba9876543210.zip", "VERSION": "2",
    "CALLER": "helpdesk", "ALIAS": "arn:aws:lambda:eu-central-1:123456789012:function:tickets:live",
    "TABLE_STREAM_ARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/tickets/stream/2026-01-02T12:45:07.000",
    "MSK_CLUSTER_ARN": "arn:aws:kafka:eu-central-1:123456789012:cluster/texts/9d8e7f6a-0000-4000-8000-000000000000-1",
    "BROKER_ARN": "arn:aws:mq:eu-central-1:123456789012:broker:texts:b-9d8e7f6a-0000-4000-8000-000000000000",
    "SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:texts-AbCdEf",
    "TOPIC_ARN": "arn:aws:sns:eu-central-1:123456789012:texts",
    "SUBSCRIPTION_ARN": "arn:aws:sns:eu-central-1:123456789012:texts:9d8e7f6a-0000-4000-8000-000000000000",
    "TARGET_GROUP_ARN": "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/tickets/0123456789abcdef",
    "USER_POOL": "eu-central-1_AbCdEfGhI", "CONNECT_INSTANCE": "9d8e7f6a-0000-4000-8000-000000000000",
    "SERVICE_ROLE": "tickets-caller", "GRAPHQL_API": "abcdefghijklmnopqrstuvwxyz", "API": "a1b2c3d4e5", "RESOURCE": "r1s2t3",
    "INVOKE": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn/invocations", "INTEGRATION": "i1n2t3",
    "ROUTE": "r1o2u3", "BOT": "ABCDEFGHIJ", "BOT_ALIAS": "KLMNOPQRST", "MANIFEST_ETAG": "9d8e7f6a00004000800000000000", "MAPPING": "9d8e7f6a-0000-4000-8000-000000000000"}
SHELL = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **VARIABLES}


def run_aws(call):
    """The CLI's own entry point, here: to start it anew for each call takes a second. A shell expands the words."""
    words = subprocess.run(["/bin/sh", "-euc", f"printf '%s\\0' {call}"], env=SHELL, capture_output=True, text=True, check=True)
    arguments = words.stdout.split("\0")[1:-1]
    # Port 9 is discard: nobody listens there.
    arguments += ["--endpoint-url", "http://127.0.0.1:9", "--cli-connect-timeout", "2"]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            status = awscli.clidriver.create_clidriver().main(arguments)
        except SystemExit as end:  # the parser's way
            status = end.code
    return status, printed.getvalue()


# What takes away what a call makes; what a function has goes with the function, and the others with what they belong to.
TAKES_AWAY = {
    "cloudformation deploy": "cloudformation delete-stack", "s3 cp": "s3 rm", "iam create-role": "iam delete-role",
    "iam put-role-policy": "iam delete-role-policy", "iam put-user-policy": "iam delete-user-policy",
    "logs create-log-group": "logs delete-log-group", "lambda create-function": "lambda delete-function",
    "sqs create-queue": "sqs delete-queue", "lambda create-event-source-mapping": "lambda delete-event-source-mapping",
    "events put-rule": "events delete-rule", "events put-targets": "events remove-targets", "sns subscribe": "sns unsubscribe",
    "s3api put-bucket-notification-configuration": "s3api put-bucket-notification-configuration",
    "ses create-receipt-rule": "ses delete-receipt-rule", "logs put-subscription-filter": "logs delete-subscription-filter",
    "apigatewayv2 create-api": "apigatewayv2 delete-api", "apigateway put-method": "apigateway delete-method",
    "elbv2 create-target-group": "elbv2 delete-target-group", "iot create-topic-rule": "iot delete-topic-rule",
    "connect associate-lambda-function": "connect disassociate-lambda-function",
    "appsync create-data-source": "appsync delete-data-source", "scheduler create-schedule": "scheduler delete-schedule",
    "pipes create-pipe": "pipes delete-pipe", "firehose create-delivery-stream": "firehose delete-delivery-stream",
    "stepfunctions create-state-machine": "stepfunctions delete-state-machine"}
GOES_WITH_IT = {
    "lambda create-alias", "lambda create-function-url-config", "logs put-retention-policy", "apigateway put-integration",
    "apigateway create-deployment", "apigatewayv2 create-integration", "apigatewayv2 create-route",
    "apigatewayv2 create-route-response", "apigatewayv2 create-stage", "s3control create-job"}


def check_triggers(page):
    """Every source of the table is told how it is connected; what is made is taken away again."""
    triggers = page.split("## Other triggers")[1].split("\n## ")[0]
    sources = re.findall(r"^  SOURCE\((\w+)\)", (ROOT / "lib/textlambda/events/source.h").read_text(), re.MULTILINE)
    missing = [source for source in sources
               if not re.search(rf"^\|[^|]*`{source}`", triggers, re.MULTILINE)]
    check("every source has its trigger", len(sources) > 20 and not missing, missing)
    before, after = page.split("## Take it away")
    verbs = lambda text: [" ".join(call.split()[1:3]) for command in commands_of(text) for call in aws_calls(command)]
    made, taken = verbs(before), set(verbs(after))
    left = sorted({verb for verb in made if re.search(r" (create|put|subscribe|associate|cp$|deploy$)", verb)}
                  - GOES_WITH_IT - {verb for verb in made if TAKES_AWAY.get(verb) in taken})
    check("what is made is taken away", not left, left)
    names = lambda text, option: set(re.findall(option + r" (\S+)", text))
    queues = {name.strip('"') for name in names(before, "--queue-name")}
    check("each queue", all(name in after for name in queues) and len(queues) > 1, queues)
    rules = {name for name in names(before, "put-rule --name")}
    check("each rule", rules == names(after, "delete-rule --name") and len(rules) > 1, rules)


def check_calls():
    page = (ROOT / "docs" / "deploy.md").read_text()
    check_triggers(page)
    commands = list(commands_of(page))
    calls = list(dict.fromkeys(call for command in commands for call in aws_calls(command)))
    check("the page has the calls of the whole way", all(
        any(call.startswith(f"aws {wanted} ") for call in calls) for wanted in
        ("s3 cp", "cloudformation deploy", "iam create-role", "lambda create-function", "lambda invoke",
         "lambda create-function-url-config", "lambda create-event-source-mapping", "lambda update-function-code",
         "lambda publish-version", "lambda update-alias", "events put-rule", "logs tail")), calls)
    with tempfile.TemporaryDirectory() as path:
        os.environ.update(VARIABLES, HOME=path)
        os.chdir(path)
        shutil.copytree(ROOT / "deploy", "deploy")
        for name in ("tickets.zip", "retrain.zip", "tickets-s3.zip", "tickets.test.csv"):
            with zipfile.ZipFile(name, "w") as packed:
                packed.writestr("bootstrap", "")
        for command in commands:  # what the page makes with sed
            if command.startswith("sed "):
                subprocess.run(["/bin/sh", "-euc", command], check=True, env=SHELL)
        for name in ("policy.json", "caller.json", "stream.json"):
            made = pathlib.Path(name).read_text()
            check(f"{name} is filled in", json.loads(made) and not re.search(r"REGION|ACCOUNT|FUNCTION", made)
                  and "123456789012" in made, made)
        for call in calls:
            status, printed = run_aws(call)
            check(call[:110], "Could not connect to the endpoint URL" in printed and status not in (0, 252, 253),
                  f"status {status}: {printed}")
        # The check itself can tell a wrong call.
        for wrong in ("aws lambda publish-versions --function-name f", "aws lambda create-alias --function-name f --name n",
                      "aws lambda create-function-url-config --function-name f --authtype AWS_IAM",
                      "aws lambda update-alias --function-name f --name n --routing-config Additional=1",
                      "aws lambda update-function-code --function-name f --zip-file fileb://none.zip"):
            status, printed = run_aws(wrong)
            check(f"refused: {wrong}", "Could not connect" not in printed and status not in (0, None), printed)
        os.chdir("/")


check_template()
check_calls()
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
