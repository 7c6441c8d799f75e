"""What is refused of files and of evidence, each with its sentence and how to mend it."""

from onegrid.kernel.refusals import Refusal


class UnknownFile(Refusal):
    code = "cases.unknown-file"
    zh = "找不到已上传的文件 {sha}。请先上传文件，再提交。"
    en = "There is no uploaded file {sha}. Upload it first."


class WrongKind(Refusal):
    code = "cases.wrong-kind"
    zh = "该文件是 {mime}，不能作为{kind_zh}。"
    en = "A file of type {mime} is no {kind}."


class FileTooLarge(Refusal):
    status = 413
    code = "cases.file-too-large"
    zh = "文件大小 {size}，超过上限 {limit}。请在相机设置中调低分辨率，或压缩后再上传。"
    en = "The file has {size}; the limit is {limit}. Lower the resolution or compress it, then upload again."


class StoreFull(Refusal):
    status = 507
    code = "cases.store-full"
    zh = "文件没有存下：服务器存储空间不足或暂时无法写入。请稍后重新上传，并告知系统管理员。"
    en = "The file was not kept: the store is full or cannot be written. Try again later; tell the operator."


class UnreadableFile(Refusal):
    status = 415
    code = "cases.unreadable-file"
    zh = (
        "文件内容无法识别（{why_zh}）。支持 JPEG、PNG、WebP 照片，PDF、OFD 文书，MP4 视频，"
        "AMR、MP3、M4A、WAV 录音；"
        "iPhone 请在“设置-相机-格式”中选择“兼容性最佳”。"
    )
    en = "The content is unreadable ({why_en}). JPEG, PNG, WebP, PDF, OFD, MP4, AMR, MP3, M4A, WAV fit."


class TooManyPixels(Refusal):
    status = 413
    code = "cases.too-many-pixels"
    zh = "图片像素 {pixels} 万，超过上限 {limit} 万，可能是恶意文件。请缩小后再上传。"
    en = "The picture has {pixels} x 10,000 pixels; the limit is {limit}. Scale it down."
