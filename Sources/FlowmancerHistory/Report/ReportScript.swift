/// The script of a report: the table of tasks can be sorted and filtered with it. Everything is there without it.
enum ReportScript {
    /// What the page may do: nothing but show itself and run this script.
    static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-\(digest)'; base-uri 'none'; "
        + "form-action 'none'"

    /// SHA-256 of ``source``, in base 64. A test checks it.
    static let digest = "Bob/JyAEHa4TPAd/FkDbsG7tQ275zbQeoKSvIjhVZr8="

    // Without characters that would have to be escaped in a page.
    static let source = """

        (function () {
          'use strict';
          var table = document.getElementById('tasks-table');
          if (!table) return;
          var body = table.tBodies[0];
          var rows = Array.from(body.rows);
          var units = { ms: 0.001, s: 1, min: 60, h: 3600 };
          var collator = new Intl.Collator(undefined, { numeric: true });

          function seconds(text) {
            var sum = 0;
            text.replace(/([0-9.]+) (ms|s|min|h)/g, function (all, number, unit) { sum += number * units[unit]; });
            return text ? sum : -1;
          }
          function key(cell, column) {
            if (column === 3) return Number(cell.textContent);
            if (column === 5) return seconds(cell.textContent);
            return cell.textContent;
          }
          function compare(a, b) {
            return typeof a === 'number' ? a - b : collator.compare(a, b);
          }

          var heads = Array.from(table.tHead.rows[0].cells);
          heads.forEach(function (head, column) {
            var button = document.createElement('button');
            button.type = 'button';
            button.textContent = head.textContent;
            head.textContent = '';
            head.appendChild(button);
            button.addEventListener('click', function () {
              var down = head.getAttribute('aria-sort') === 'ascending';
              heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
              head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              var keyed = rows.map(function (row) { return [key(row.cells[column], column), row]; });
              keyed.sort(function (a, b) { return (down ? -1 : 1) * compare(a[0], b[0]); });
              rows = keyed.map(function (pair) { return pair[1]; });
              body.append.apply(body, rows);
            });
          });

          var tools = document.createElement('div');
          tools.className = 'tools';
          var search = document.createElement('input');
          search.type = 'search';
          search.placeholder = 'Filter by name, type, reason';
          search.setAttribute('aria-label', 'Filter the tasks');
          var choice = document.createElement('select');
          choice.setAttribute('aria-label', 'State');
          choice.add(new Option('all states', ''));
          Array.from(new Set(rows.map(function (row) { return row.cells[2].textContent; }))).forEach(function (state) {
            choice.add(new Option(state, state));
          });
          var count = document.createElement('span');
          count.setAttribute('role', 'status');
          function filter() {
            var text = search.value.toLowerCase();
            var shown = 0;
            rows.forEach(function (row) {
              var fits = choice.value === '' ? true : row.cells[2].textContent === choice.value;
              if (fits) fits = row.textContent.toLowerCase().includes(text);
              row.hidden = !fits;
              if (fits) shown += 1;
            });
            count.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length;
          }
          search.addEventListener('input', filter);
          choice.addEventListener('change', filter);
          tools.append(search, choice, count);
          table.parentNode.parentNode.insertBefore(tools, table.parentNode);
        })();

        """
}
