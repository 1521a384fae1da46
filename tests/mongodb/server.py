"""A MongoDB for tests: mockupdb speaks the protocol, mongomock keeps the documents. What it is told to do wrong, it does."""
import collections
import threading
import time

import bson
import mockupdb
import mongomock

mockupdb.docs_repr = lambda *documents: "…"  # its log cannot show every document

BATCH = 101  # documents in a first reply, as the real one


class Server:
    """find with filter, projection and sort, getMore, update with upsert, insert; one thread a connection."""

    def __init__(self):
        self.client = mongomock.MongoClient()
        self.cursors = {}
        self.counts = collections.Counter()
        self.faults = {}  # command → function(request) that answers in its place
        self.delay = 0
        self.lock = threading.Lock()
        self.server = mockupdb.MockupDB(auto_ismaster={"maxWireVersion": 8, "ismaster": True, "minWireVersion": 0,
                                                       "maxBsonObjectSize": 16 << 20, "maxMessageSizeBytes": 48000000,
                                                       "maxWriteBatchSize": 100000, "logicalSessionTimeoutMinutes": None})
        self.server.autoresponds(self.answer)
        self.server.run()

    @property
    def uri(self):
        return f"mongodb://localhost:{self.server.port}"

    def stop(self):
        self.server.stop()

    def answer(self, request):
        command = getattr(request, "command_name", None)
        if command is None or command.lower() in ("ismaster", "hello"):
            return False
        with self.lock:
            self.counts[command] += 1
            if command in self.faults:
                return self.faults[command](request)
            if self.delay:
                time.sleep(self.delay)
            return getattr(self, "do_" + command, self.unknown)(request.doc, request.namespace or "", request)

    def unknown(self, doc, database, request):
        request.replies({"ok": 0, "code": 59, "codeName": "CommandNotFound", "errmsg": f"no such command: {request.command_name}"})
        return True

    def collection(self, doc, name):
        return self.client[doc["$db"]][name]

    def reply_batch(self, request, number, namespace, which):
        waiting = self.cursors[number]
        batch, self.cursors[number] = waiting[:BATCH], waiting[BATCH:]
        if not self.cursors[number]:
            del self.cursors[number]
        request.replies({"ok": 1, "cursor": {"id": bson.Int64(number if number in self.cursors else 0), "ns": namespace, which: batch}})
        return True

    def do_find(self, doc, database, request):
        cursor = self.collection(doc, doc["find"]).find(doc.get("filter") or {}, doc.get("projection"))
        if doc.get("sort"):
            cursor = cursor.sort(list(doc["sort"].items()))
        number = len(self.counts) * 1000 + self.counts["find"]
        self.cursors[number] = list(cursor)
        return self.reply_batch(request, number, f"{doc['$db']}.{doc['find']}", "firstBatch")

    def do_getMore(self, doc, database, request):
        return self.reply_batch(request, doc["getMore"], f"{doc['$db']}.{doc['collection']}", "nextBatch")

    def do_killCursors(self, doc, database, request):
        request.replies({"ok": 1, "cursorsKilled": doc["cursors"]})
        return True

    def do_endSessions(self, doc, database, request):
        request.replies({"ok": 1})
        return True

    def do_update(self, doc, database, request):
        changed = upserted = 0
        for update in doc["updates"]:
            result = self.collection(doc, doc["update"]).update_one(update["q"], update["u"], upsert=bool(update.get("upsert")))
            changed += result.matched_count
            upserted += result.upserted_id is not None
        request.replies({"ok": 1, "n": changed + upserted, "nModified": changed})
        return True
