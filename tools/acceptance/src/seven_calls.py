"""Makes all seven calls of UserService with a client that protoc generated, and prints what came back as JSON.

Usage: seven_calls.py ADDRESS MODULE [MODULE ...]
The modules are the generated ones that hold the messages and the service's stub.
"""

import importlib
import json
import sys

import grpc

address, *names = sys.argv[1:]
modules = [importlib.import_module(name) for name in names]


def find(name):
    return next(getattr(module, name) for module in modules if hasattr(module, name))


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


with grpc.insecure_channel(address) as channel:
    users = find("UserServiceStub")(channel)
    timeout = 20
    create = find("CreateUserRequest")
    get = find("GetUserRequest")
    update = find("UpdateUserRequest")
    delete = find("DeleteUserRequest")
    list_request = find("ListUsersRequest")
    message = find("ChatMessage")

    ada = users.CreateUser(create(name="Ada ☕", email="ada@python.example", password="correct horse"), timeout=timeout)
    found = users.GetUser(get(id=ada.id), timeout=timeout).user
    renamed = users.UpdateUser(update(id=ada.id, name="Ada King"), timeout=timeout)
    many = users.CreateUsers(
        (create(name="Member %d" % n, email="member.%d@python.example" % n) for n in range(100)), timeout=timeout
    )
    listed = list(users.ListUsers(list_request(), timeout=timeout))
    page = list(users.ListUsers(list_request(page=2, page_size=10), timeout=timeout))
    echoes = list(users.Chat(iter([message(user_id="ada", content=text) for text in ("one", "two")]), timeout=timeout))
    users.DeleteUser(delete(id=ada.id), timeout=timeout)

    print(
        json.dumps(
            {
                "created": [ada.name, ada.email, ada.status, ada.HasField("created_at"), ada.HasField("phone")],
                "same": found == ada,
                "renamed": [renamed.name, renamed.email],
                "many": [many.total_count, len(many.users), many.has_more],
                "listed": [len(listed), listed == sorted(listed, key=lambda user: user.id)],
                "page": [user.name for user in page],
                "echoes": [[echo.user_id, echo.content, echo.HasField("timestamp")] for echo in echoes],
                "gone": status_of(lambda: users.GetUser(get(id=ada.id), timeout=timeout)),
                "taken": status_of(
                    lambda: users.CreateUser(create(name="Twin", email="MEMBER.1@python.example"), timeout=timeout)
                ),
                "invalid": status_of(lambda: users.CreateUser(create(name="", email="nobody"), timeout=timeout)),
            }
        )
    )
