"""The data dictionary of the household file, docs/households.md, written from its schema."""

import datetime as dt

from giamngheo.households.file.schema import HouseholdColumn, household_choices, household_columns
from giamngheo.regulation.poverty import Indicator, indicators

_KINDS = {
    "people": "tên dân tộc",
    "code": "mã",
    "choice": "danh mục",
    "flag": "0 hoặc 1",
    "count": "số nguyên",
    "money": "đồng, số nguyên",
    "number": "số",
    "date": "ngày",
}
_NEEDS = {
    "required": "bắt buộc",
    "one_of_income_score": "có thu nhập hoặc B1",
    "one_of_deprivations": "có các thiếu hụt hoặc B2",
    "optional": "",
}
_INTRODUCTION = """# Tệp hộ

Tệp này do `tools/household_guide.py` viết từ `households.toml` và `regulation/poverty.toml`; đừng sửa
ở đây.

## Từ tệp hộ đến báo cáo

Làm thử với một huyện giả lập 7.000 hộ; việc thật thì thay bằng tệp hộ và sổ tính của mình.

```sh
giamngheo demo data/demo/households --households 7000
cd data/demo/households
giamngheo households check households-2023.parquet 2024.xlsx
giamngheo households summarise households-2023.parquet --into 2024.xlsx --before households-2022.parquet
giamngheo households reconcile households-2023.parquet 2024.xlsx --before households-2022.parquet
cd ../../..
giamngheo report households 2023 --kind household_review --data data/demo
giamngheo report households 2024-01 --data data/demo
```

Lần lượt: làm hai tệp hộ và sổ tính năm 2024 còn trống số liệu; kiểm tra tệp hộ; ghi kết quả vào trang *Rà soát* và hai
trang *Biến động* của sổ; so lại sổ với tệp hộ; lập báo cáo rà soát năm 2023 vào thư mục
`outputs/households/2023-ra-soat` (HTML, PDF, Word, Excel); in báo cáo tháng 01/2024 từ sổ đó. Số hộ nghèo, hộ cận nghèo
ở mọi nơi là một.

Báo cáo rà soát tìm trong thư mục của đơn vị: tệp hộ `households-NĂM` (.csv, .parquet, .xlsx …, hoặc thư mục tệp
Parquet), tệp kỳ trước `households-NĂM-TRƯỚC` nếu có, sổ tính của năm đó hoặc năm sau. Chuẩn nghèo riêng của tỉnh đặt ở
`regulation/poverty.toml` trong thư mục số liệu, cùng chỗ với danh mục riêng (`programme.toml`). `giamngheo batch`,
`verify`, `site` dùng được như với báo cáo tháng. Tệp để nơi khác thì dùng
`giamngheo households report FILE WORKBOOK --before FILE --out THƯ-MỤC`.

Làm từng bước trong sổ tay: `giamngheo lab`, mở `household_review.ipynb` (báo cáo rà soát) hoặc `explore_poverty.ipynb`
(chọn năm, đơn vị, chỉ số; H, A, M0 theo trọng số và ngưỡng k tùy chọn; thử đổi chuẩn), sửa ô tham số, rồi *Run All*.

## Bản công khai

`--parameter audience=public` (với `giamngheo households report` là `--audience public`) để trống (ghi …)
mọi số dưới 5 hộ và những số từ đó suy ra được số dưới 5 hộ, trong mọi bảng, hình, câu và tệp Excel; số 0 vẫn in, chênh
lệch giữa hai ngày và số hộ còn lại cuối năm theo kế hoạch (kể cả dưới 5) cũng vậy, vì không là số hộ của nhóm nào.
Ngưỡng là dữ liệu: `regulation/disclosure.toml`. Diễn biến chỉ nêu số chung của toàn đơn vị; kế hoạch giảm hộ của một
diện chỉ nêu khi có số hộ diện ấy cuối năm trước.

### Bản công khai bảo vệ được gì, không bảo vệ được gì

Người ngoài biết mọi số được in và mọi quan hệ giữa chúng: cộng theo đơn vị, diện, nhóm, dân tộc; đầu kỳ, tăng, giảm,
cuối kỳ; tỷ lệ và mẫu số; H, A, M0 và các chỉ số; hộ nghèo thiếu hụt ít nhất 3 chỉ số. Với tất cả những điều đó, mỗi số
nhỏ đã che còn có thể là mọi số từ 1 đến 5, hoặc một khoảng rộng như thế: không ai biết được số đó dưới 5. Số nhỏ không
in mà suy ra được cũng vậy: phần còn lại của một tổng, số nhỏ trong hàng, cột để trống cả, số hộ thiếu hụt nhiều hơn mức
ít nhất (hộ cận nghèo: ít hơn mức nhiều nhất) mà tổng các chỉ số hay mức A cho biết. Không bảo vệ số hộ có nhiều hơn một
khẩu, suy ra từ số khẩu của một diện gần như toàn hộ một người. Các ô phải che thêm do quy
hoạch nguyên (scipy, HiGHS) chọn, lần lượt cho từng ô nhỏ; ở huyện, tỉnh lớn thì tìm trước trong các ô lân cận. Che như
vậy là an toàn, chưa chắc đã là cách che ít ô nhất. Cột nào không che được từng ô thì để trống cả cột, kể cả số 0.

| Ghép với | Có được bảo vệ |
|---|---|
| các bảng, hình, câu, tệp Excel của cùng một bản | có |
| bản công khai năm trước, năm sau của đơn vị | có: một ngày che như nhau (*); che đầu hay cuối kỳ thì bỏ diễn biến |
| bản công khai của các đơn vị cũ đã nhập thành đơn vị này | có: không in tổng có phần đã che, không cộng diễn biến |
| báo cáo tháng công khai của sổ tính đã `summarise` từ tệp hộ đó | có: che như nhau; diễn biến thì xem (**) |
| bản công khai của cấp khác (xã của huyện đó) | không: chỉ công khai báo cáo của một cấp |
| bản nội bộ, sổ tính, tệp hộ, `manifest.json` | không: không đưa ra ngoài |
| bản lập trước khi tệp hộ hay sổ tính, kể cả sổ năm sau, sửa hay thêm số của ngày ấy | không: thay, rút bản cũ |
| bản phân loại cách khác (`--by`, `--standard`) | không: chỉ công khai một bản |
| điều người đọc biết riêng về hộ, về nhóm (mọi hộ của một thôn đều nghèo) | không: chỉ có ngưỡng số hộ |
| câu do cán bộ gõ vào sổ tính (hoạt động, giải pháp) | không: in như đã gõ |

(*) Theo mọi số mà sổ của năm báo cáo và của hai năm trước có về ngày ấy, in ra hay không. (**) Báo cáo tháng công khai
chỉ nêu diễn biến khi sổ ghi đủ mọi cột tăng, giảm của cả hai diện, như `summarise` với `--before` ghi, và tổng số hộ,
số hộ hai diện của cả hai kỳ. Nơi các đơn vị cộng lại lớn hơn số của toàn đơn vị, cột ấy của các đơn vị để trống cả.

## Tệp hộ gồm những gì

Mỗi dòng là một hộ ở một kỳ rà soát. Tệp là CSV, Parquet hoặc XLSX; tiêu đề cột là tên hoặc tiêu đề
tiếng Việt dưới đây, theo thứ tự bất kỳ, viết hoa hay thường; cột khác được bỏ qua. Phía trên dòng tiêu đề có thể có
tên bảng, phía dưới có thể có dòng số thứ tự cột. CSV viết bằng Unicode (UTF-8, có hay không có BOM, hoặc UTF-16) hay
Windows-1258, ngăn bằng dấu phẩy, chấm phẩy, tab hoặc gạch đứng; bảng mã TCVN3 (ABC) và VNI không được đoán mà được
báo. Một thư mục các tệp .parquet cùng cột được đọc như một tệp; các trang của một sổ XLSX có cùng các cột cũng vậy,
trang không có dòng tiêu đề được nêu là không đọc. Dòng, cột, trang bị ẩn vẫn được tính và được nêu; ô gộp không được
nhận.

Ngày viết 2022-12-31 hoặc 31/12/2022, năm đủ bốn chữ số; thời điểm có múi giờ được tính theo giờ Việt Nam. Tiền ghi
bằng đồng, viết liền; 1.600.000 cũng được đọc, còn 950.000 (có thể là 950) và 2.40E+06 (đã mất chữ số) thì được báo.
Phần thập phân của điểm, quyền số viết sau dấu chấm. Cột 0 hoặc 1 cũng nhận x, có, không, TRUE, FALSE; cột khác thì
không. Ô chưa biết để trống, không ghi 0. Thu nhập dưới 50.000 đồng một người một tháng được báo là có lẽ ghi bằng
nghìn hoặc triệu đồng. Các bảng chính thức đếm phiếu; quyền số, tầng, cụm của điều tra mẫu chỉ dùng cho ước lượng và
sai số trong `explore_poverty.ipynb`.

Mã hộ chỉ dùng để tìm hộ trùng và đối chiếu hai năm bên trong máy tính toán; không bảng, hình, thông báo nào in ra.
Cũng không in ra chữ nào gõ trong tệp: dân tộc chỉ in theo tên trong danh mục 54 dân tộc, các cột khác chỉ đếm theo
danh mục. Cột nhóm của `explore_survey.ipynb` cũng vậy: với tệp có đủ các cột cần có, đó là một cột dưới đây trừ mã hộ;
mã đơn vị, tầng, cụm in khi là một từ không dấu; cột khác bị từ chối. Với tệp khảo sát khác, chỉ cột dân tộc và mã hộ
được nhận ra như thế; cột nhóm khác được in đúng chữ đã gõ, của nhóm từ 5 hộ: đừng chọn cột có thể ghi tên, địa chỉ, số
giấy tờ.

Chuẩn nghèo là chuẩn có hiệu lực ngày rà soát mà đa số dòng ghi; dòng của năm khác là lỗi. Tỉnh có chuẩn thu nhập
riêng cao hơn thì ghi vào một tệp TOML và đưa vào bằng `--standard`:

```toml
[income_line.from.2022-01-01]
value = { rural = 1_800_000, urban = 2_300_000 }
law = "số, ký hiệu nghị quyết của tỉnh"
article = ""
checked = 2022-01-01
```

Ngưỡng điểm B1 của Thông tư ứng với chuẩn thu nhập quốc gia: chuẩn thu nhập riêng không kèm ngưỡng điểm riêng
(`[score_line.from.…]`, viết như trên, tính bằng điểm) thì hộ được phân loại bằng thu nhập. Hộ không có điểm B1 cũng
được phân loại bằng thu nhập, và ngược lại hộ không ghi thu nhập bằng điểm khi chạy với `--by income`: báo cáo ghi rõ
phân loại bằng gì, `check` nêu số hộ. Ô nhóm, nguyên nhân để trống thì không tính là có; báo cáo ghi chú dưới bảng.

Diễn biến lập từ tệp của hai năm liền nhau theo mã hộ: kỳ này là kỳ cuối năm hoặc một kỳ trong năm, kỳ trước là kỳ
cuối năm trước (từ 01/9, khi bắt đầu rà soát định kỳ); tệp của kỳ khác bị từ chối. Mã hộ của hai năm chỉ khác nhau ở
chữ hoa, dấu cách hoặc số 0 ở đầu không được coi là một mà được nêu là điều cần lưu ý; khi không đến một nửa số hộ có
ở cả hai tệp thì bị từ chối; xã có từ một phần mười số hộ chỉ ở tệp này và chừng ấy hộ chỉ ở tệp kia cũng được nêu. Hộ
ở đơn vị khác hoặc chỉ có trong một tệp là giảm khác, tăng khác; hộ vào diện mà tệp năm trước ghi cột *Kết quả năm
trước* đã thuộc diện đó là tái nghèo (tái cận nghèo), còn lại là phát sinh mới. Khẩu của hộ đổi diện tính theo số khẩu
năm nay; khẩu tăng, giảm trong hộ ở lại đơn vị là tăng khác, giảm khác.

| Tên | Tiêu đề | Kiểu | Cần | Ý nghĩa | Căn cứ |
|---|---|---|---|---|---|
"""


_INDICATORS = """
## Các chỉ số thiếu hụt

Cột `deprivation_01` … `deprivation_12` là các chỉ số 1 … 12 của chuẩn nghèo. Đây là cách nói gọn; căn cứ là văn bản.

| Chỉ số | Chiều | Tên | Hộ thiếu hụt khi |
|---|---|---|---|
"""

_STANDARDS = (dt.date(2022, 1, 1), dt.date(2027, 1, 1))
"""First days of the standards; the second is told by what differs from the first."""


def household_guide() -> str:
    """Markdown of docs/households.md: every column with its type, need, meaning and law, and every indicator."""
    lines = [_line(column) for column in household_columns()]
    return _INTRODUCTION + "\n".join(lines) + "\n" + _indicators()


def _indicators() -> str:
    first, later = (indicators(on=day) for day in _STANDARDS)
    lines = [f"| {entry.code} | {entry.dimension} | {entry.name} | {entry.deprived} |" for entry in first]
    changed = [new for old, new in zip(first, later, strict=True) if new.name != old.name]
    return _INDICATORS + "\n".join(lines) + "\n\n" + "\n".join(map(_change, changed)) + "\n"


def _change(entry: Indicator) -> str:
    day = f"{_STANDARDS[1]:%d/%m/%Y}"
    return f"Từ {day} chỉ số {entry.code} là *{entry.name}* (chiều {entry.dimension}); ngưỡng thiếu hụt chưa được ghi."


def _line(column: HouseholdColumn) -> str:
    words = household_choices(column.choices) if column.kind == "choice" else {}
    listed = "; ".join(f"`{code}` = {word}" for code, word in words.items())
    kind = _KINDS[column.kind] + (f": {listed}" if listed else "")
    cells = (
        f"`{column.name}`",
        column.header,
        kind,
        _NEEDS[column.need],
        column.meaning,
        column.law,
    )
    return f"| {' | '.join(cells)} |"
