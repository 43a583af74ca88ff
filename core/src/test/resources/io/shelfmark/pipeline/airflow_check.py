"""Looks at a DAG file as text, then runs it with stand-ins for Airflow. Prints what it finds as JSON.

Arguments: the file, and 2 or 3 for the version of Airflow whose modules are there.
"""
import ast
import json
import sys
import types

path, version = sys.argv[1], sys.argv[2]
source = open(path, encoding="ascii").read()
tree = ast.parse(source, path)
calls = []
for node in ast.walk(tree):
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        values = {}
        for keyword in node.keywords:
            try:
                values[keyword.arg] = ast.literal_eval(keyword.value)
            except ValueError:
                values[keyword.arg] = None
        calls.append({"name": name, "keywords": values})

edges = []
tasks = {}
dags = []


class Dag:
    def __init__(self, **keywords):
        self.keywords = keywords

    def __enter__(self):
        dags.append(self)
        return self

    def __exit__(self, *failure):
        return False


class Param:
    def __init__(self, default=None, **schema):
        self.default = default


class Operator:
    def __init__(self, **keywords):
        if keywords["task_id"] in tasks:
            raise ValueError("two tasks " + keywords["task_id"])
        self.keywords = keywords
        tasks[keywords["task_id"]] = self

    def __rshift__(self, other):
        edges.append([self.keywords["task_id"], other.keywords["task_id"]])
        return other


def module(name, **members):
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
    sys.modules[name].__dict__.update(members)


module("pendulum", datetime=lambda *date, tz: list(date) + [tz])
if version == "3":
    module("airflow.sdk", DAG=Dag, Param=Param)
    module("airflow.providers.standard.operators.bash", BashOperator=Operator)
else:
    module("airflow", DAG=Dag)
    module("airflow.models.param", Param=Param)
    module("airflow.operators.bash", BashOperator=Operator)
module("airflow.providers.cncf.kubernetes.operators.pod", KubernetesPodOperator=Operator)
module("airflow.providers.docker.operators.docker", DockerOperator=Operator)
exec(compile(tree, path, "exec"), {"__name__": "dag"})

[dag] = dags
print(
    json.dumps(
        {
            "calls": calls,
            "dag": {k: v for k, v in dag.keywords.items() if k != "params"},
            "params": {k: v.default for k, v in dag.keywords.get("params", {}).items()},
            "tasks": {k: {n: str(v) if not isinstance(v, (list, dict, int)) else v for n, v in t.keywords.items()} for k, t in tasks.items()},
            "edges": edges,
        }
    )
)
