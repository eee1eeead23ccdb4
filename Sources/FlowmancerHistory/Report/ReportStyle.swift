/// The style sheet of a report: for light and dark screens, phones and paper.
enum ReportStyle {
    static let sheet = """

        :root{--bg:#fff;--fg:#1c2733;--muted:#55606e;--line:#dbe1e8;--panel:#f6f8fb;--link:#1b57b3;--log:#12171d;
        --C:#17693a;--Cb:#e6f5ec;--Cs:#2e9e5b;--F:#b3261e;--Fb:#fdeceb;--Fs:#d6453d;--A:#8a4b00;--Ab:#fdf1e0;--As:#d98a1f;
        --D:#6b3fa0;--Db:#f3edfb;--Ds:#9b74d0;--S:#55606e;--Sb:#eef1f4;--Ss:#9aa5b2;--R:#1b57b3;--Rb:#e6effc;--Rs:#3b82e0;
        --P:#55606e;--Pb:#f3f5f7;--Ps:#c3cbd5}
        @media (prefers-color-scheme:dark){:root{--bg:#12171d;--fg:#e4e9ef;--muted:#a3afbd;--line:#2c3641;--panel:#1a2129;
        --link:#8fbcff;--log:#0b0f13;--C:#6fd695;--Cb:#14291d;--Cs:#3cae6a;--F:#ff9188;--Fb:#351a18;--Fs:#e5564d;--A:#f2b35e;
        --Ab:#33260f;--As:#d98a1f;--D:#c4a5f0;--Db:#261d36;--Ds:#9b74d0;--S:#a3afbd;--Sb:#222a33;--Ss:#6b7682;--R:#8fbcff;
        --Rb:#152640;--Rs:#3b82e0;--P:#a3afbd;--Pb:#1e252d;--Ps:#4d5864}}
        .C{--sign:"✓";--c:var(--C);--b:var(--Cb);--s:var(--Cs)}.F{--sign:"✗";--c:var(--F);--b:var(--Fb);--s:var(--Fs)}
        .A{--sign:"■";--c:var(--A);--b:var(--Ab);--s:var(--As)}.D{--sign:"–";--c:var(--D);--b:var(--Db);--s:var(--Ds)}
        .S{--sign:"»";--c:var(--S);--b:var(--Sb);--s:var(--Ss)}.R{--sign:"►";--c:var(--R);--b:var(--Rb);--s:var(--Rs)}
        .P,._{--sign:"○";--c:var(--P);--b:var(--Pb);--s:var(--Ps)}
        *{box-sizing:border-box}
        html{color-scheme:light dark;-webkit-text-size-adjust:100%;scroll-behavior:smooth}
        body{margin:0 auto;padding:1.5rem clamp(1rem,3vw,2.5rem) 3rem;max-width:78rem;background:var(--bg);color:var(--fg);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
        ul,ol{list-style:none}
        h1{font-size:1.75rem;line-height:1.2;display:flex;flex-wrap:wrap;gap:.35em .6em;align-items:center;
        overflow-wrap:anywhere}
        h2{font-size:1.15rem;margin:0 0 .75rem}
        h3{font-size:1rem;overflow-wrap:anywhere}
        a{color:var(--link)}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px}
        header{border:1px solid var(--line);border-left:6px solid var(--s);border-radius:10px;background:var(--panel);
        padding:1.25rem 1.5rem}
        header .job{color:var(--muted);font-size:.85rem}
        .badge{font-size:.9rem;font-weight:600;color:var(--c);background:var(--b);border:1px solid var(--s);
        border-radius:99px;padding:.15em .8em}
        .outcome{font-size:1.1rem;margin:.5rem 0 .85rem}
        .why{white-space:pre-wrap;overflow-wrap:anywhere;margin:.35rem 0 .6rem;font-weight:600}
        .counts{display:flex;flex-wrap:wrap;gap:.5rem;margin-bottom:1rem}
        .counts li{color:var(--c);background:var(--b);border-radius:8px;padding:.2rem .7rem}
        .counts b{font-size:1.15em;font-variant-numeric:tabular-nums}
        .counts li::before,.state::before,#tasks-table td[class]::before{display:inline-block;width:1.25em;content:var(--sign)}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(17.5rem,1fr));gap:.6rem 1.5rem}
        .facts.wide{grid-template-columns:1fr;gap:.45rem}
        .facts.wide div{display:grid;grid-template-columns:12rem 1fr}
        .facts dt{color:var(--muted);font-size:.8rem}
        .facts dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        .warning{margin-top:.85rem;padding:.5rem .8rem;border-radius:8px;color:var(--A);background:var(--Ab);
        overflow-wrap:anywhere}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:1rem .25rem 0;font-size:.92rem}
        section{margin-top:2.25rem;scroll-margin-top:1rem}
        .note{color:var(--muted);margin:0 0 .75rem;max-width:70em}
        .failure{border:1px solid var(--line);border-left:4px solid var(--Fs);border-radius:8px;padding:.9rem 1.1rem;
        margin-bottom:.9rem}
        .failure .meta{color:var(--muted);font-size:.88rem}
        .failure .why{color:var(--F)}.failure details{margin:.6rem 0 0}.failure details .log{padding:0 .8rem .8rem}
        .log figcaption{color:var(--muted);font-size:.82rem;margin-bottom:.25rem;overflow-wrap:anywhere}
        .log pre{margin:0;padding:.75rem .9rem;border-radius:8px;background:var(--log);color:#d7dee7;overflow-x:auto;
        font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;max-height:32rem;
        tab-size:8}
        .c0,.c8{color:#96a0ac}.c1,.c9{color:#ff8a80}.c2,.c10{color:#69d58c}.c3,.c11{color:#e8c15a}.c4,.c12{color:#82b1ff}
        .c5,.c13{color:#e09cf2}.c6,.c14{color:#5fd3dd}.c7{color:#d7dee7}.c15{color:#fff}
        .bold{font-weight:700}.dim{opacity:.85}.italic{font-style:italic}.line{text-decoration:underline}
        .scroll{overflow:auto;border:1px solid var(--line);border-radius:8px;max-height:80vh}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-bottom:.6rem;font-size:.9rem}
        .state,#tasks-table td[class]{color:var(--c);white-space:nowrap}
        .graph{display:block;margin:0 auto;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
        .graph rect{fill:var(--b);stroke:var(--s);stroke-width:1.3}
        .graph .box{fill:var(--panel);stroke-dasharray:5 3}
        .graph .F{stroke-width:2.5}
        .graph .D,.graph .P{stroke-dasharray:3 3}
        .graph .name{fill:var(--fg)}.graph .detail{fill:var(--muted)}
        .graph .edges{fill:none;stroke:var(--muted);stroke-width:1.1;opacity:.85}.graph .arrow{fill:var(--muted)}
        .layers{display:block;width:100%;height:12rem;padding:.75rem}.layers rect{fill:var(--s)}
        .gantt{border:1px solid var(--line);border-radius:8px;padding:0 .75rem .6rem;overflow:auto;max-height:80vh}
        .gantt>div{display:grid;grid-template-columns:minmax(6rem,15rem) 1fr;align-items:center;column-gap:.75rem;
        font-size:.85rem;line-height:1.45}
        .gantt>div>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .gantt .longest>span:first-child{font-weight:650}
        .track{position:relative;height:1.3em;background:repeating-linear-gradient(to right,var(--line) 0 1px,transparent 1px
        var(--step))}
        .axis{color:var(--muted);font-size:.78rem;padding:.5rem 0 .15rem;position:sticky;top:0;background:var(--bg);z-index:1}
        .axis .track{background:none;overflow:hidden}
        .axis i{position:absolute;font-style:normal;white-space:nowrap;padding-left:3px;border-left:1px solid var(--line)}
        .track b{position:absolute;top:.2em;bottom:.2em;min-width:2px;border-radius:2px;background:var(--s)}
        .track .F{background:repeating-linear-gradient(135deg,var(--s) 0 4px,var(--b) 4px 6px)}
        .track .A{background:repeating-linear-gradient(90deg,var(--s) 0 4px,var(--b) 4px 6px)}
        .track .R{border-right:3px double var(--b)}
        .longest .track b{box-shadow:0 0 0 1px var(--fg)}
        .path li{display:grid;grid-template-columns:minmax(0,20rem) 6.5rem minmax(3rem,1fr);gap:.75rem;align-items:center;
        padding:.2rem 0;counter-increment:way}
        .path{margin-top:.6rem}
        .path span:first-child{overflow-wrap:anywhere}
        .path span:first-child::before{content:counter(way) ". ";color:var(--muted)}
        .path meter{width:100%;height:.8rem}
        table{border-collapse:collapse;width:100%;font-size:.88rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid var(--line)}
        td:last-child{overflow-wrap:anywhere;min-width:14rem}
        tbody th{font-weight:500;overflow-wrap:anywhere;min-width:8rem}
        tbody tr:last-child>*{border-bottom:0}
        thead th{position:sticky;top:0;background:var(--panel);color:var(--muted);font-weight:600;white-space:nowrap}
        #tasks-table td:nth-child(5){white-space:nowrap}
        .number,#tasks-table :is(th,td):is(:nth-child(4),:nth-child(6)){text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
        th button::after{content:"↕";opacity:.6;padding-left:.35em}
        th[aria-sort=ascending] button::after{content:"↑";opacity:1}th[aria-sort=descending] button::after{content:"↓";opacity:1}
        .tools{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin-bottom:.6rem;color:var(--muted)}
        .tools input,.tools select{font:inherit;color:var(--fg);background:var(--bg);border:1px solid var(--muted);
        border-radius:6px;padding:.3rem .6rem}
        .tools input{flex:0 1 20rem;min-width:0}
        details{border:1px solid var(--line);border-radius:8px;margin-bottom:.4rem}
        summary{cursor:pointer;padding:.35rem .8rem;overflow-wrap:anywhere}
        summary small{color:var(--muted);font-size:.85em}
        .values dl{padding:.2rem .8rem .7rem;display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.3rem 1rem}
        .values dt{color:var(--muted)}
        .values dd{white-space:pre-wrap;overflow-wrap:anywhere;
        font:12.5px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        footer{margin-top:2.5rem;color:var(--muted);font-size:.85rem}
        @media (max-width:640px){body{padding:.75rem .75rem 2rem;font-size:14.5px}header{padding:1rem}
        h1{font-size:1.4rem}.facts{grid-template-columns:1fr 1fr}.facts.wide div{grid-template-columns:1fr}
        .gantt>div{grid-template-columns:minmax(5rem,7.5rem) 1fr}
        .path li{grid-template-columns:1fr auto}.path meter{grid-column:1/-1}}
        @media print{:root{--bg:#fff;--panel:#fff}body{max-width:none;padding:0;font-size:10pt}nav,.tools{display:none}
        .scroll,.gantt{overflow:visible;max-height:none}.scroll{border:0}.graph{max-width:100%;height:auto}.log pre{max-height:none;
        white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #999}
        .failure,tr,.gantt>div{break-inside:avoid}h2{break-after:avoid}thead th{position:static}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}

        """
}
