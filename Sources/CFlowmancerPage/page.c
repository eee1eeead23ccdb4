// The files of the page. Written by Scripts/embed-page.
#include "page.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file1[] = {
#embed "../FlowmancerDashboard/Page/announcer.js"
};

static const unsigned char file2[] = {
#embed "../FlowmancerDashboard/Page/ansi.js"
};

static const unsigned char file3[] = {
#embed "../FlowmancerDashboard/Page/api.js"
};

static const unsigned char file4[] = {
#embed "../FlowmancerDashboard/Page/attempts.js"
};

static const unsigned char file5[] = {
#embed "../FlowmancerDashboard/Page/camera.js"
};

static const unsigned char file6[] = {
#embed "../FlowmancerDashboard/Page/canvas.js"
};

static const unsigned char file7[] = {
#embed "../FlowmancerDashboard/Page/describe.js"
};

static const unsigned char file8[] = {
#embed "../FlowmancerDashboard/Page/dialogs.js"
};

static const unsigned char file9[] = {
#embed "../FlowmancerDashboard/Page/divider.js"
};

static const unsigned char file10[] = {
#embed "../FlowmancerDashboard/Page/dom.js"
};

static const unsigned char file11[] = {
#embed "../FlowmancerDashboard/Page/early.js"
};

static const unsigned char file12[] = {
#embed "../FlowmancerDashboard/Page/facts-view.js"
};

static const unsigned char file13[] = {
#embed "../FlowmancerDashboard/Page/facts.js"
};

static const unsigned char file14[] = {
#embed "../FlowmancerDashboard/Page/gantt-paint.js"
};

static const unsigned char file15[] = {
#embed "../FlowmancerDashboard/Page/gantt-view.js"
};

static const unsigned char file16[] = {
#embed "../FlowmancerDashboard/Page/gestures.js"
};

static const unsigned char file17[] = {
#embed "../FlowmancerDashboard/Page/graph-edges.js"
};

static const unsigned char file18[] = {
#embed "../FlowmancerDashboard/Page/graph-nodes.js"
};

static const unsigned char file19[] = {
#embed "../FlowmancerDashboard/Page/graph-paint.js"
};

static const unsigned char file20[] = {
#embed "../FlowmancerDashboard/Page/graph-scene.js"
};

static const unsigned char file21[] = {
#embed "../FlowmancerDashboard/Page/graph-selection.js"
};

static const unsigned char file22[] = {
#embed "../FlowmancerDashboard/Page/graph-view.js"
};

static const unsigned char file23[] = {
#embed "../FlowmancerDashboard/Page/icon.svg"
};

static const unsigned char file24[] = {
#embed "../FlowmancerDashboard/Page/index.html"
};

static const unsigned char file25[] = {
#embed "../FlowmancerDashboard/Page/issues.js"
};

static const unsigned char file26[] = {
#embed "../FlowmancerDashboard/Page/job-list.js"
};

static const unsigned char file27[] = {
#embed "../FlowmancerDashboard/Page/list.css"
};

static const unsigned char file28[] = {
#embed "../FlowmancerDashboard/Page/log-bar.js"
};

static const unsigned char file29[] = {
#embed "../FlowmancerDashboard/Page/log-rows.js"
};

static const unsigned char file30[] = {
#embed "../FlowmancerDashboard/Page/log-source.js"
};

static const unsigned char file31[] = {
#embed "../FlowmancerDashboard/Page/log-view.js"
};

static const unsigned char file32[] = {
#embed "../FlowmancerDashboard/Page/log-window.js"
};

static const unsigned char file33[] = {
#embed "../FlowmancerDashboard/Page/main.js"
};

static const unsigned char file34[] = {
#embed "../FlowmancerDashboard/Page/memory.js"
};

static const unsigned char file35[] = {
#embed "../FlowmancerDashboard/Page/minimap.js"
};

static const unsigned char file36[] = {
#embed "../FlowmancerDashboard/Page/palette.js"
};

static const unsigned char file37[] = {
#embed "../FlowmancerDashboard/Page/panels.css"
};

static const unsigned char file38[] = {
#embed "../FlowmancerDashboard/Page/panels.js"
};

static const unsigned char file39[] = {
#embed "../FlowmancerDashboard/Page/profile.js"
};

static const unsigned char file40[] = {
#embed "../FlowmancerDashboard/Page/row-keys.js"
};

static const unsigned char file41[] = {
#embed "../FlowmancerDashboard/Page/rows.js"
};

static const unsigned char file42[] = {
#embed "../FlowmancerDashboard/Page/run-feed.js"
};

static const unsigned char file43[] = {
#embed "../FlowmancerDashboard/Page/run-filters.js"
};

static const unsigned char file44[] = {
#embed "../FlowmancerDashboard/Page/run-header.js"
};

static const unsigned char file45[] = {
#embed "../FlowmancerDashboard/Page/run-list.js"
};

static const unsigned char file46[] = {
#embed "../FlowmancerDashboard/Page/run-model.js"
};

static const unsigned char file47[] = {
#embed "../FlowmancerDashboard/Page/run-page.js"
};

static const unsigned char file48[] = {
#embed "../FlowmancerDashboard/Page/run-store.js"
};

static const unsigned char file49[] = {
#embed "../FlowmancerDashboard/Page/run.css"
};

static const unsigned char file50[] = {
#embed "../FlowmancerDashboard/Page/snapshot.js"
};

static const unsigned char file51[] = {
#embed "../FlowmancerDashboard/Page/start-dialog.js"
};

static const unsigned char file52[] = {
#embed "../FlowmancerDashboard/Page/states.js"
};

static const unsigned char file53[] = {
#embed "../FlowmancerDashboard/Page/style.css"
};

static const unsigned char file54[] = {
#embed "../FlowmancerDashboard/Page/task-table.js"
};

static const unsigned char file55[] = {
#embed "../FlowmancerDashboard/Page/text.js"
};

static const unsigned char file56[] = {
#embed "../FlowmancerDashboard/Page/theme.js"
};

static const unsigned char file57[] = {
#embed "../FlowmancerDashboard/Page/time-slider.js"
};

static const unsigned char file58[] = {
#embed "../FlowmancerDashboard/Page/time-window.js"
};

static const unsigned char file59[] = {
#embed "../FlowmancerDashboard/Page/view-picture.js"
};

static const unsigned char file60[] = {
#embed "../FlowmancerDashboard/Page/virtual-rows.js"
};

static const unsigned char file61[] = {
#embed "../../Documentation/openapi.json"
};

static const flowmancer_page_file files[] = {
    {"announcer.js", file1, sizeof file1},
    {"ansi.js", file2, sizeof file2},
    {"api.js", file3, sizeof file3},
    {"attempts.js", file4, sizeof file4},
    {"camera.js", file5, sizeof file5},
    {"canvas.js", file6, sizeof file6},
    {"describe.js", file7, sizeof file7},
    {"dialogs.js", file8, sizeof file8},
    {"divider.js", file9, sizeof file9},
    {"dom.js", file10, sizeof file10},
    {"early.js", file11, sizeof file11},
    {"facts-view.js", file12, sizeof file12},
    {"facts.js", file13, sizeof file13},
    {"gantt-paint.js", file14, sizeof file14},
    {"gantt-view.js", file15, sizeof file15},
    {"gestures.js", file16, sizeof file16},
    {"graph-edges.js", file17, sizeof file17},
    {"graph-nodes.js", file18, sizeof file18},
    {"graph-paint.js", file19, sizeof file19},
    {"graph-scene.js", file20, sizeof file20},
    {"graph-selection.js", file21, sizeof file21},
    {"graph-view.js", file22, sizeof file22},
    {"icon.svg", file23, sizeof file23},
    {"index.html", file24, sizeof file24},
    {"issues.js", file25, sizeof file25},
    {"job-list.js", file26, sizeof file26},
    {"list.css", file27, sizeof file27},
    {"log-bar.js", file28, sizeof file28},
    {"log-rows.js", file29, sizeof file29},
    {"log-source.js", file30, sizeof file30},
    {"log-view.js", file31, sizeof file31},
    {"log-window.js", file32, sizeof file32},
    {"main.js", file33, sizeof file33},
    {"memory.js", file34, sizeof file34},
    {"minimap.js", file35, sizeof file35},
    {"palette.js", file36, sizeof file36},
    {"panels.css", file37, sizeof file37},
    {"panels.js", file38, sizeof file38},
    {"profile.js", file39, sizeof file39},
    {"row-keys.js", file40, sizeof file40},
    {"rows.js", file41, sizeof file41},
    {"run-feed.js", file42, sizeof file42},
    {"run-filters.js", file43, sizeof file43},
    {"run-header.js", file44, sizeof file44},
    {"run-list.js", file45, sizeof file45},
    {"run-model.js", file46, sizeof file46},
    {"run-page.js", file47, sizeof file47},
    {"run-store.js", file48, sizeof file48},
    {"run.css", file49, sizeof file49},
    {"snapshot.js", file50, sizeof file50},
    {"start-dialog.js", file51, sizeof file51},
    {"states.js", file52, sizeof file52},
    {"style.css", file53, sizeof file53},
    {"task-table.js", file54, sizeof file54},
    {"text.js", file55, sizeof file55},
    {"theme.js", file56, sizeof file56},
    {"time-slider.js", file57, sizeof file57},
    {"time-window.js", file58, sizeof file58},
    {"view-picture.js", file59, sizeof file59},
    {"virtual-rows.js", file60, sizeof file60},
    {"openapi.json", file61, sizeof file61},
};

const flowmancer_page_file *flowmancer_page(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
