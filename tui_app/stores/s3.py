"""S3: whole objects, and conditions on what stands there."""

from mimetypes import guess_type

from tui_app.files.folder import Stamp
from tui_app.language import _
from tui_app.stores.errors import StoreError, TakenError, is_conflict, reason_of, refuse
from tui_app.stores.store import Store, number_of


class S3Store(Store):
    """S3: whole objects, and conditions on what stands there.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """

    exclusive = True

    def _is_empty(self, error: FileNotFoundError) -> bool:
        return reason_of(error) == reason_of(FileNotFoundError())

    def write_new(self, name: str, data: bytes) -> Stamp:
        """See `Store.write_new`."""
        try:
            return self._written(name, data, mode="create")
        except TakenError:
            return self._same(name, self.entry(name), data)

    def write_over(self, name: str, data: bytes, over: Stamp) -> Stamp:
        """See `Store.write_over`."""
        try:
            tag = str(self._system.info(self._path(name)).get("ETag", ""))
        except FileNotFoundError:
            tag = ""
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)
        if not tag or number_of(tag) != over.mtime:
            return self._same(name, self.entry(name), data)
        try:
            return self._written(name, data, IfMatch=tag)
        except TakenError:
            return self._same(name, self.entry(name), data)

    def write(self, name: str, data: bytes) -> Stamp:
        """See `Store.write`."""
        return self._written(name, data)

    def _written(self, name: str, data: bytes, **how: str) -> Stamp:
        if kind := guess_type(name)[0]:
            # What shows it to others asks for it; without it, they save it to a disk.
            how["ContentType"] = kind
        try:
            answer = self._system.pipe_file(self._path(name), data, **how)
        except Exception as error:  # noqa: BLE001 - botocore's and s3fs's
            if is_conflict(error):
                raise TakenError(
                    _("{url}: something else has that name").format(url=self._told(name))
                ) from None
            refuse(self._told(name), error)
        tag = answer.get("ETag") if isinstance(answer, dict) else None
        if tag:
            return Stamp(len(data), number_of(str(tag)))
        # An object of several parts tells its tag only when it is asked.
        there = self.entry(name)
        if there is None:
            raise StoreError(_("{url}: it is not there after writing").format(url=self._told(name)))
        return there.stamp
